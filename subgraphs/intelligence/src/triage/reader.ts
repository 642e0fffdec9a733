import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { Logger } from '@quimbi/service/logging.ts'
import { createLru } from '@quimbi/service/lru.ts'
import type { Background } from '@quimbi/subgraph/module.ts'
import { shippedModel } from './shipped.ts'
import { createTriage, type Triage, type TriageInput, type Triager } from './triage.ts'

/** Readings that are kept; each is a few kilobytes at most. */
const mostKept = 2_000
const kept = createLru<string, Promise<Triage>>(mostKept)

let triager: Promise<Triager> | undefined

/** The reader of this process, made at its first use. */
export function readerOf(): Promise<Triager> {
  triager ??= shippedModel()
    .then(async (model) => {
      const reader = createTriage(model)
      // The first readings cost a hundred times what later ones do: patterns are compiled at their first use, and again at their second.
      for (let time = 0; time < 2; time++) await inTurn(() => reader.triage(anything))
      return reader
    })
    .catch((error: unknown) => {
      triager = undefined
      throw error
    })
  return triager
}

/** Makes the reader when the process starts, rather than while somebody waits. Without one everything else goes on. */
export const prepareTriage = (log: Logger): Background => ({
  name: 'triage',
  start: () => readerOf().then(nothing, (error: unknown) => log.error({ err: error }, 'triage has no model')),
  stop: async () => {},
})
const nothing = (): void => {}

const anything: TriageInput = {
  subject: 'Where is it?',
  turns: [
    { fromAgent: false, content: 'Where is my order 10442 over $20? I need it by Friday.', createdAt: new Date(0) },
    { fromAgent: true, content: 'We will send it within 3 days.', createdAt: new Date(0) },
  ],
  channel: 'EMAIL',
  now: new Date(0),
}

/** Reads a conversation; one that was read before is not read again. */
export function readConversation(input: TriageInput): Promise<Triage> {
  const key = keyOf(input)
  const known = kept.get(key)
  if (known) return known
  const reading = readerOf().then((reader) => inTurn(() => reader.triage(input)))
  kept.set(key, reading)
  reading.catch(() => kept.delete(key))
  return reading
}

let last: Promise<unknown> = Promise.resolve()

/** One reading takes milliseconds: between any two, others have their turn. */
export function inTurn<T>(run: () => T): Promise<T> {
  const result = last.then(() => setImmediate()).then(run)
  last = result.catch(() => {})
  return result
}

/** All that a reading depends on; the time only where an agent's words have none of their own. */
function keyOf({ subject, turns, channel, now, products = [] }: TriageInput): string {
  const facts = turns.map(({ fromAgent, content, createdAt }) => [
    content,
    fromAgent ? (createdAt ?? now).getTime() : null,
  ])
  return createHash('sha256')
    .update(JSON.stringify([subject ?? '', channel, products, facts]))
    .digest('base64')
}
