// The process of the subscribers, as the benchmarks ask it.
import { once } from 'node:events'
import { forkTelling } from './gateway-load.ts'
import type { Answers, Question } from './live-subscribers.ts'

export type Subscribers = {
  /** of their process */
  pid: number
  /** One question at a time. Throws if the process ends before it answers. */
  ask<Q extends Question>(question: Q): Promise<Answers[Q['ask']]>
  /** Ends the process, and with it their sockets. */
  leave(): void
}

/** Starts a process for subscribers of the gateway at this address; who they are is said by `ask`. */
export async function startSubscribers(gatewayUrl: string): Promise<Subscribers> {
  const { child } = await forkTelling<'ready'>(new URL('./live-subscribers.ts', import.meta.url), [gatewayUrl])
  return {
    pid: child.pid ?? 0,
    async ask<Q extends Question>(question: Q) {
      const settled = new AbortController()
      const { signal } = settled
      const answered = once(child, 'message', { signal })
      const ended = once(child, 'exit', { signal }).then(([code]) => {
        throw new Error(`The subscribers ended with ${code}`)
      })
      child.send(question)
      try {
        return ((await Promise.race([answered, ended])) as [Answers[Q['ask']]])[0]
      } finally {
        ended.catch(() => {})
        answered.catch(() => {})
        settled.abort()
      }
    },
    leave: () => child.disconnect(),
  }
}
