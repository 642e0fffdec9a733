import type { Logger } from '@quimbi/service/logging.ts'
import type { Background } from '@quimbi/subgraph/module.ts'
import { unreadableModels, type UnreadableModel } from './registry.ts'

/** Writes into the process's log which stored models cannot be read; the shipped ones serve in their place. */
export function logUnreadable(log: Logger): Background {
  const tell = (message: unknown) =>
    log.error({ ...(message as UnreadableModel) }, 'a stored model cannot be read; the shipped ones serve')
  return {
    name: 'unreadable models',
    start: () => unreadableModels.subscribe(tell),
    async stop() {
      unreadableModels.unsubscribe(tell)
    },
  }
}
