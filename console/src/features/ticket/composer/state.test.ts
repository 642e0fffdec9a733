import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  compose,
  emptyComposer,
  missedBy,
  type ComposerEvent,
  type ComposerState,
  type Draft,
  type Ground,
} from './state.ts'
import { aDraft } from '../test-kit.ts'

const draft = (id: string, content = `Draft ${id}`) => aDraft({ id, content }) as unknown as Draft
const ground: Ground = { revision: 'r1', messageIds: ['m1'] }
const came = (one: Draft, isAwaited = true): ComposerEvent => ({ type: 'draftCame', draft: one, ground, isAwaited })
const run = (...events: ComposerEvent[]) => events.reduce(compose, emptyComposer)

test('a newer draft replaces one that nobody touched, and is only offered to who has written', () => {
  expect(run(came(draft('a')), came(draft('b')))).toMatchObject({ writing: { text: 'Draft b' }, notice: 'newer' })
  const typed = run(came(draft('a')), { type: 'typed', text: 'Mine', ground }, came(draft('b')))
  expect(typed).toMatchObject({ writing: { text: 'Mine' }, offered: { id: 'b' } })
})

test('a draft is not put in where nobody waits, nor again once it was discarded or sent', () => {
  expect(run(came(draft('a'), false))).toMatchObject({ writing: { text: '' }, offered: { id: 'a' } })
  expect(run(came(draft('a')), { type: 'discarded' }, came(draft('a'))).writing.text).toBe('')
  expect(run(came(draft('a')), { type: 'sent' }, came(draft('a'))).writing.text).toBe('')
})

test('a reply that came back stays, whatever draft comes', () => {
  const writing = { text: 'Draft a', origin: draft('a'), ground }
  const state = run({ type: 'returned', writing }, came(draft('b')))
  expect(state).toMatchObject({ writing: { text: 'Draft a' }, offered: { id: 'b' } })
})

test('what was said since a text was begun is missed, but for one’s own replies', () => {
  const message = (id: string, agentId?: string) => ({
    id,
    author: agentId === undefined ? { __typename: 'Customer' } : { __typename: 'Agent', id: agentId },
  })
  const { writing } = run({ type: 'typed', text: 'Mine', ground })
  const thread = [message('m1'), message('m2'), message('m3', 'me'), message('m4', 'sam')]
  expect(missedBy(writing, thread, 'me').map(({ id }) => id)).toEqual(['m2', 'm4'])
  expect(missedBy({ ...writing, text: '' }, thread, 'me')).toEqual([])
})

const events: fc.Arbitrary<ComposerEvent> = fc.oneof(
  fc
    .record({ id: fc.constantFrom('a', 'b', 'c'), isAwaited: fc.boolean() })
    .map(({ id, isAwaited }) => came(draft(id), isAwaited)),
  fc
    .string({ minLength: 1, maxLength: 3 })
    .map((text): ComposerEvent => ({ type: 'typed', text: `own ${text}`, ground })),
  fc.constantFrom<ComposerEvent>(
    { type: 'took', draft: draft('d'), ground },
    { type: 'declined' },
    { type: 'discarded' },
    { type: 'undone' },
    { type: 'turned', mode: 'note' },
    { type: 'caughtUp', ground },
  ),
)

test('a person’s own text goes only when the person says so, and then one undo brings it back', () => {
  fc.assert(
    fc.property(fc.array(events, { maxLength: 20 }), (history) => {
      let state: ComposerState = emptyComposer
      for (const event of history) {
        const before = state
        state = compose(state, event)
        const wasOwn = before.writing.text.startsWith('own')
        if (!wasOwn || state.writing.text === before.writing.text || event.type === 'typed' || event.type === 'undone')
          continue
        expect(['took', 'discarded']).toContain(event.type)
        expect(compose(state, { type: 'undone' }).writing).toEqual(before.writing)
      }
    }),
  )
})
