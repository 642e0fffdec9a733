import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyOutbox, next, type Effect, type Outbox, type OutboxEvent, type Reply } from './outbox.ts'

const aReply = (key: string, given: Partial<Reply> = {}): Reply => ({
  key,
  ticketId: 't1',
  number: 1,
  content: `Reply ${key}`,
  revision: 'r1',
  messageIds: [],
  draftId: null,
  isAsDrafted: false,
  thenStatus: null,
  files: [],
  basis: [],
  writtenAt: `2026-01-01T00:00:0${key.length}Z`,
  ...given,
})

function run(events: OutboxEvent[], from: Outbox = emptyOutbox) {
  const effects: Effect[] = []
  const outbox = events.reduce((state, event) => {
    const step = next(state, event)
    effects.push(...step.effects)
    return step.state
  }, from)
  const sent = effects.flatMap((effect) => (effect.do === 'send' ? [effect.reply] : []))
  return { outbox, effects, sent, states: outbox.entries.map(({ state }) => state.is) }
}
const written = (key: string, given?: Partial<Reply>): OutboxEvent => ({ type: 'written', reply: aReply(key, given) })

describe('the outbox', () => {
  test('sends what is written at once, keeps it before, and forgets it when it arrived', () => {
    const first = run([written('a')])
    expect(first.effects.map((effect) => effect.do)).toEqual(['save', 'save', 'send'])
    const { outbox, effects } = run([{ type: 'accepted', key: 'a', revision: 'r2' }], first.outbox)
    expect(outbox.entries).toEqual([])
    expect(effects).toEqual([{ do: 'forget', key: 'a' }])
  })

  test('keeps what is written offline, and sends it in order when the connection is back, each on the one before', () => {
    const offline = run([{ type: 'offline' }, written('a'), written('b')])
    expect(offline.sent).toEqual([])
    expect(offline.outbox.entries.every(({ hasWaited }) => hasWaited)).toBe(true)
    const { sent } = run([{ type: 'online' }, { type: 'accepted', key: 'a', revision: 'r2' }], offline.outbox)
    expect(sent.map(({ key, revision }) => [key, revision])).toEqual([
      ['a', 'r1'],
      ['b', 'r2'],
    ])
  })

  test('tries again under the same key, later each time, when nobody knows what became of it', () => {
    const lost: OutboxEvent[] = [{ type: 'unreachable', key: 'a' }, { type: 'retry' }]
    const { sent, effects } = run([written('a'), ...lost, ...lost])
    expect(sent.map(({ key }) => key)).toEqual(['a', 'a', 'a'])
    expect(effects.flatMap((effect) => (effect.do === 'retryIn' ? [effect.ms] : []))).toEqual([1_000, 2_000])
  })

  test('sends nothing of a ticket after a reply that the conversation has overtaken, and goes on with other tickets', () => {
    const { sent, states, outbox } = run([
      { type: 'offline' },
      written('a'),
      written('b'),
      written('c', { ticketId: 't2' }),
      { type: 'online' },
      { type: 'advanced', key: 'a', revision: 'r5', missedIds: ['m1'] },
      { type: 'accepted', key: 'c', revision: 'x' },
    ])
    expect(sent.map(({ key }) => key)).toEqual(['a', 'c'])
    expect(states).toEqual(['conflict', 'waiting'])
    const decided = run([{ type: 'resent', key: 'a', as: 'a2' }], outbox)
    expect(decided.sent).toEqual([expect.objectContaining({ key: 'a2', revision: 'r5', content: 'Reply a' })])
    expect(decided.effects).toContainEqual({ do: 'forget', key: 'a' })
  })

  test('sends again what was on its way when the page went, and lets its author keep what was decided', () => {
    const kept = run([written('a'), written('b', { ticketId: 't2' })]).outbox.entries
    const { sent, states } = run([{ type: 'restored', entries: kept }])
    expect(sent.map(({ key }) => key)).toEqual(['a'])
    expect(states).toEqual(['sending', 'waiting'])
  })

  test('takes back only what is not on its way', () => {
    const { outbox } = run([written('a')])
    expect(run([{ type: 'discarded', key: 'a' }], outbox).states).toEqual(['sending'])
    const waiting = run([{ type: 'offline' }, { type: 'unreachable', key: 'a' }], outbox).outbox
    expect(run([{ type: 'discarded', key: 'a' }], waiting)).toMatchObject({ states: [], effects: [{ do: 'forget' }] })
  })
})

/** A server that takes each key once, and whose answers may be lost; the conversation may go on by itself. */
type Chance =
  | { do: 'write'; ticket: number }
  | { do: 'answer'; isLost: boolean }
  | { do: 'offline' | 'online' | 'retry' | 'reload' | 'customer' | 'resend' | 'discard' }

const chances: fc.Arbitrary<Chance> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('write' as const), ticket: fc.nat(1) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('answer' as const), isLost: fc.boolean() }) },
  fc.constantFrom<Chance>(
    ...(['offline', 'online', 'retry', 'reload', 'customer', 'resend', 'discard'] as const).map((one) => ({ do: one })),
  ),
)

function world() {
  const arrived: Reply[] = []
  const revisions = [0, 0]
  const kept = new Map<string, Outbox['entries'][number]>()
  let [outbox, inFlight, count]: [Outbox, Reply | undefined, number] = [emptyOutbox, undefined, 0]
  const revisionOf = (ticketId: string) => revisions[Number(ticketId)] ?? 0
  function tell(event: OutboxEvent): void {
    const { state, effects } = next(outbox, event)
    outbox = state
    for (const effect of effects) {
      if (effect.do === 'save') kept.set(effect.entry.reply.key, effect.entry)
      if (effect.do === 'forget') kept.delete(effect.key)
      if (effect.do === 'send') {
        expect(inFlight).toBeUndefined()
        inFlight = effect.reply
      }
    }
  }
  /** What the server makes of it: nothing said since is the condition, a repeated key the first answer. */
  function answerTo(reply: Reply): OutboxEvent {
    const { key, ticketId } = reply
    const again = arrived.some((one) => one.key === key)
    if (!again && reply.revision !== String(revisionOf(ticketId)))
      return { type: 'advanced', key, revision: String(revisionOf(ticketId)), missedIds: [] }
    if (!again) {
      arrived.push(reply)
      revisions[Number(ticketId)] = revisionOf(ticketId) + 1
    }
    return { type: 'accepted', key, revision: String(revisionOf(ticketId)) }
  }
  function happen(chance: Chance): void {
    const decided = outbox.entries.find(({ state }) => state.is === 'conflict')?.reply.key
    if (chance.do === 'write') {
      const ticketId = String(chance.ticket)
      const key = `k${String((count += 1)).padStart(3, '0')}`
      tell({
        type: 'written',
        reply: aReply(key, { ticketId, revision: String(revisionOf(ticketId)), writtenAt: key }),
      })
    } else if (chance.do === 'answer') {
      const reply = inFlight
      if (!reply) return
      inFlight = undefined
      const answer = answerTo(reply)
      tell(chance.isLost ? { type: 'unreachable', key: reply.key } : answer)
    } else if (chance.do === 'customer') revisions[0] = revisionOf('0') + 1
    else if (chance.do === 'resend') decided && tell({ type: 'resent', key: decided, as: `${decided}+` })
    else if (chance.do === 'discard') decided && tell({ type: 'discarded', key: decided })
    else if (chance.do === 'reload') {
      // What was on its way may have arrived all the same.
      if (inFlight) answerTo(inFlight)
      const entries = [...kept.values()]
      ;[outbox, inFlight] = [emptyOutbox, undefined]
      tell({ type: 'restored', entries })
    } else tell({ type: chance.do })
  }
  return { happen, arrived, outbox: () => outbox, written: () => count }
}

test('whatever is lost on the way, nothing arrives twice, each ticket in its order, and nothing vanishes', () => {
  fc.assert(
    fc.property(fc.array(chances, { maxLength: 60 }), (history) => {
      const { happen, arrived, outbox, written: count } = world()
      const discards = history.filter((chance) => {
        const before = outbox().entries.some(({ state }) => state.is === 'conflict')
        happen(chance)
        return chance.do === 'discard' && before
      }).length
      const origin = (key: string) => key.replaceAll('+', '')
      // Afterwards the connection holds and the author sends everything.
      for (let turn = 0; turn < 400 && outbox().entries.length > 0; turn += 1)
        for (const one of ['online', 'resend'] as const) {
          happen({ do: one })
          happen({ do: 'answer', isLost: false })
        }
      expect(outbox().entries).toEqual([])
      expect(new Set(arrived.map(({ key }) => key)).size).toBe(arrived.length)
      expect(arrived.length).toBeLessThanOrEqual(count())
      expect(arrived.length).toBeGreaterThanOrEqual(count() - discards)
      for (const ticket of ['0', '1']) {
        const keys = arrived.filter(({ ticketId }) => ticketId === ticket).map(({ key }) => origin(key))
        expect(keys).toEqual([...keys].sort())
      }
    }),
    { numRuns: 500 },
  )
})
