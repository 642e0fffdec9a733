import { safeFetch } from '@quimbi/service/fetch.ts'
import { modelFailure } from './failures.ts'

/**
 * `fetch` that reads so many bytes of an answer at most, errors' bodies included, and follows no redirect: the key would go
 * wherever it leads.
 */
export const cappedFetch =
  (maxBytes: number): typeof fetch =>
  async (input, init) => {
    const response = await safeFetch(input, { ...init, redirect: 'error' })
    if (!response.body) return response
    const { status, statusText, headers } = response
    return new Response(response.body.pipeThrough(upTo(maxBytes)), { status, statusText, headers })
  }

function upTo(maxBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength
      if (bytes > maxBytes) controller.error(modelFailure('MODEL_TOO_LARGE'))
      else controller.enqueue(chunk)
    },
  })
}
