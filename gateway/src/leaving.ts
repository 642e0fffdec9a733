import type { ServerResponse } from 'node:http'
import { ClientLeft } from '@quimbi/service/errors.ts'

/** Ends when the client of an answer has left before it had all of it, so that nothing is done for nobody; `ClientLeft` is its reason. */
export function leaving(answer: ServerResponse): AbortSignal {
  const controller = new AbortController()
  const left = () => void (answer.writableFinished || controller.abort(new ClientLeft()))
  if (answer.destroyed) left()
  else answer.once('close', left)
  return controller.signal
}
