import { expect, it } from 'vitest'
import type { SlaFact } from '../sla/clock.ts'
import { leftFacts, movedFacts } from './moved-facts.ts'

const at = (minute: number): string => new Date(Date.UTC(2026, 10, 21, 10, minute)).toISOString()
const asked = (minute: number): SlaFact => ({ at: at(minute), kind: 'customer_message', messageId: `c${minute}` })
const answered = (minute: number): SlaFact => ({ at: at(minute), kind: 'agent_message', messageId: `a${minute}` })
const opened = new Date(at(10))

it('what was answered before the other ticket was opened is over', () => {
  expect(movedFacts([asked(1), answered(2)], opened)).toEqual([])
})

it('what still waited counts from its opening, and later messages as they were', () => {
  const history = [asked(1), answered(2), asked(3), answered(12), asked(13)]
  expect(movedFacts(history, opened)).toEqual([{ ...asked(3), at: at(10) }, answered(12), asked(13)])
})

it('a recalled message is as if it had never been sent', () => {
  const history: SlaFact[] = [asked(1), answered(2), { at: at(3), kind: 'recalled', messageId: 'a2' }]
  expect(movedFacts(history, opened)).toEqual([{ ...asked(1), at: at(10) }])
})

it('of named messages only theirs move, and what waited of them is not waited for where they were', () => {
  const history = [asked(1), answered(2), asked(3), asked(4)]
  const named = new Set(['c1', 'c3'])
  expect(movedFacts(history, opened, named)).toEqual([
    { ...asked(1), at: at(10) },
    { ...asked(3), at: at(10) },
  ])
  expect(leftFacts(history, opened, named)).toEqual([{ at: at(10), kind: 'recalled', messageId: 'c3' }])
})
