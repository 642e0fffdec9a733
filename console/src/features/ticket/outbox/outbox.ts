import type { UserError } from '../../../graph/errors.ts'

/** A reply as it was written: what is sent, and what its author had before their eyes. */
export type Reply = {
  /** Also the idempotency key: however often it is sent, it arrives once. */
  key: string
  ticketId: string
  number: number
  content: string
  revision: string
  /** Messages that its author had seen. */
  messageIds: readonly string[]
  draftId: string | null
  /** Whether it is the draft as it was. */
  isAsDrafted: boolean
  thenStatus: 'OPEN' | 'PENDING' | 'CLOSED' | null
  files: readonly { id: string; fileName: string }[]
  /** The conversation that it answers, one line for each thing said. */
  basis: readonly string[]
  /** ISO 8601, by the clock of this browser. */
  writtenAt: string
}

export type ReplyState =
  /** Written; nothing has answered for it yet. */
  | { is: 'waiting' }
  | { is: 'sending' }
  /** Something was said since: its author decides. `revision` is what they decide about. */
  | { is: 'conflict'; revision: string; missedIds: readonly string[] }
  | { is: 'refused'; errors: readonly UserError[] }

/** `hasWaited`: its author has turned to other things since, whatever becomes of it. */
export type Entry = { reply: Reply; state: ReplyState; hasWaited: boolean }

/** Replies in the order in which they were written. `failures`: in a row, of reaching the server. */
export type Outbox = { entries: readonly Entry[]; isOnline: boolean; failures: number }

export type OutboxEvent =
  | { type: 'restored'; entries: readonly Entry[] }
  | { type: 'written'; reply: Reply }
  | { type: 'online' }
  | { type: 'offline' }
  | { type: 'retry' }
  | { type: 'accepted'; key: string; revision: string }
  | { type: 'unreachable'; key: string }
  | { type: 'advanced'; key: string; revision: string; missedIds: readonly string[] }
  | { type: 'refused'; key: string; errors: readonly UserError[] }
  /** The author sends it all the same, knowing what was said. */
  | { type: 'resent'; key: string; as: string }
  | { type: 'discarded'; key: string }

export type Effect =
  | { do: 'send'; reply: Reply }
  | { do: 'save'; entry: Entry }
  | { do: 'forget'; key: string }
  | { do: 'retryIn'; ms: number }

export type Step = { state: Outbox; effects: Effect[] }

export const emptyOutbox: Outbox = { entries: [], isOnline: true, failures: 0 }

/** What an event makes of the outbox, and what is to be done: one reply travels at a time, each ticket's in its order. */
export function next(outbox: Outbox, event: OutboxEvent): Step {
  switch (event.type) {
    case 'restored':
      return begin(restore(outbox, event.entries), [])
    case 'written':
      return begin(...add(outbox, event.reply))
    case 'online':
    case 'retry':
      return begin({ ...outbox, isOnline: true }, [])
    case 'offline':
      return { state: { ...outbox, isOnline: false }, effects: [] }
    case 'accepted':
      return accepted(outbox, event)
    case 'unreachable':
      return unreachable(outbox, event.key)
    case 'advanced':
      return settled(outbox, event.key, {
        is: 'conflict',
        revision: event.revision,
        missedIds: event.missedIds,
      })
    case 'refused':
      return settled(outbox, event.key, { is: 'refused', errors: event.errors })
    case 'resent':
      return resent(outbox, event)
    case 'discarded':
      return discarded(outbox, event.key)
    default:
      return event satisfies never
  }
}

const find = ({ entries }: Outbox, key: string) => entries.find(({ reply }) => reply.key === key)
const isTravelling = (entry: Entry | undefined) => entry?.state.is === 'sending'

function put(outbox: Outbox, key: string, entry: Entry): Outbox {
  return { ...outbox, entries: outbox.entries.map((one) => (one.reply.key === key ? entry : one)) }
}

const without = (outbox: Outbox, key: string): Outbox => ({
  ...outbox,
  entries: outbox.entries.filter(({ reply }) => reply.key !== key),
})

/** Sends the first reply that may go, if none is on its way. A reply waits for those before it on its ticket. */
function begin(outbox: Outbox, effects: Effect[]): Step {
  if (!outbox.isOnline || outbox.entries.some(isTravelling)) return { state: outbox, effects }
  const blocked = new Set<string>()
  for (const entry of outbox.entries) {
    const { reply, state } = entry
    if (state.is === 'waiting' && !blocked.has(reply.ticketId)) {
      const sending: Entry = { ...entry, state: { is: 'sending' } }
      return {
        state: put(outbox, reply.key, sending),
        effects: [...effects, { do: 'save', entry: sending }, { do: 'send', reply }],
      }
    }
    blocked.add(reply.ticketId)
  }
  return { state: outbox, effects }
}

/** What was on its way when the page went is sent again: its key makes that harmless. */
function restore(outbox: Outbox, kept: readonly Entry[]): Outbox {
  const known = kept.filter(({ reply }) => !find(outbox, reply.key))
  const entries = known.map((entry): Entry => ({
    ...entry,
    hasWaited: true,
    ...(isTravelling(entry) && { state: { is: 'waiting' } }),
  }))
  return { ...outbox, entries: [...entries, ...outbox.entries].sort(byTime) }
}

const byTime = (a: Entry, b: Entry) => a.reply.writtenAt.localeCompare(b.reply.writtenAt)

function add(outbox: Outbox, reply: Reply): [Outbox, Effect[]] {
  if (find(outbox, reply.key)) return [outbox, []]
  const entry: Entry = { reply, state: { is: 'waiting' }, hasWaited: !outbox.isOnline }
  return [{ ...outbox, entries: [...outbox.entries, entry] }, [{ do: 'save', entry }]]
}

/** Those written after it, on the same knowledge, knew this reply: they go on from where it brought the conversation. */
function accepted(outbox: Outbox, { key, revision }: { key: string; revision: string }): Step {
  const sent = find(outbox, key)
  if (!isTravelling(sent) || !sent) return { state: outbox, effects: [] }
  const { ticketId, revision: from } = sent.reply
  const follows = ({ reply, state }: Entry) =>
    reply.ticketId === ticketId && reply.revision === from && state.is === 'waiting'
  const rest = without({ ...outbox, failures: 0 }, key)
  const entries = rest.entries.map((entry) =>
    follows(entry) ? { ...entry, reply: { ...entry.reply, revision } } : entry,
  )
  const moved = entries.filter((entry, index) => entry !== rest.entries[index])
  return begin({ ...rest, entries }, [{ do: 'forget', key }, ...moved.map((entry): Effect => ({ do: 'save', entry }))])
}

const firstRetryMs = 1_000
const mostRetryMs = 30_000

function unreachable(outbox: Outbox, key: string): Step {
  const entry = find(outbox, key)
  if (!isTravelling(entry) || !entry) return { state: outbox, effects: [] }
  const waiting: Entry = { reply: entry.reply, state: { is: 'waiting' }, hasWaited: true }
  const failures = outbox.failures + 1
  const ms = Math.min(mostRetryMs, firstRetryMs * 2 ** Math.min(failures - 1, 10))
  return {
    state: { ...put(outbox, key, waiting), failures },
    effects: [
      { do: 'save', entry: waiting },
      { do: 'retryIn', ms },
    ],
  }
}

function settled(outbox: Outbox, key: string, state: ReplyState): Step {
  const entry = find(outbox, key)
  if (!isTravelling(entry) || !entry) return { state: outbox, effects: [] }
  const settledEntry: Entry = { ...entry, state }
  return begin({ ...put(outbox, key, settledEntry), failures: 0 }, [{ do: 'save', entry: settledEntry }])
}

/** Under another key, since the answer to the first was a refusal; on what its author now knows. */
function resent(outbox: Outbox, { key, as }: { key: string; as: string }): Step {
  const entry = find(outbox, key)
  if (!entry || !isDecided(entry)) return { state: outbox, effects: [] }
  const revision = entry.state.is === 'conflict' ? entry.state.revision : entry.reply.revision
  const again: Entry = { ...entry, reply: { ...entry.reply, key: as, revision }, state: { is: 'waiting' } }
  return begin(put(outbox, key, again), [
    { do: 'forget', key },
    { do: 'save', entry: again },
  ])
}

/** Only what is not on its way can be taken back here; what arrived is recalled. */
function discarded(outbox: Outbox, key: string): Step {
  const entry = find(outbox, key)
  if (!entry || isTravelling(entry)) return { state: outbox, effects: [] }
  return begin(without(outbox, key), [{ do: 'forget', key }])
}

const isDecided = ({ state }: Entry) => state.is === 'conflict' || state.is === 'refused'
