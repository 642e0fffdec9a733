import { describe, expect, it } from 'vitest'
import { promisesIn } from './promises.ts'

// A Wednesday.
const at = new Date('2026-03-04T15:00:00Z')
const due = (text: string) => promisesIn(text, at).map(({ dueAt }) => dueAt?.toISOString() ?? null)

describe('promises', () => {
  it.each([
    ["I'll refund you by Friday.", '2026-03-06T23:59:59.000Z'],
    ['We will send the replacement tomorrow.', '2026-03-05T23:59:59.000Z'],
    ['You will receive a label within 3-5 business days.', '2026-03-11T23:59:59.000Z'],
    ['We’ll get back to you within 24 hours.', '2026-03-05T15:00:00.000Z'],
    ['I am going to call you on March 9 at 10:30.', '2026-03-09T10:30:00.000Z'],
    ['Your parcel will be shipped in two weeks.', '2026-03-18T23:59:59.000Z'],
    ['I will look into the order from March 1st.', null],
    ['I’ll check with the warehouse.', null],
  ])('%s is due %s', (text, expected) => expect(due(text)).toEqual([expected]))

  it.each([
    'I’ll be happy to help.',
    'If you send it back, we will refund you by Friday.',
    'Will we see you on Friday?',
    'We will not refund this by Friday.',
    'You ordered it on Friday.',
    '',
  ])('%s promises nothing', (text) => expect(promisesIn(text, at)).toEqual([]))

  it('is less sure of what is hedged or has no date', () => {
    const sureness = (text: string) => promisesIn(text, at)[0]?.confidence ?? 0
    expect(sureness('I will send it by Friday.')).toBeGreaterThan(sureness('I will send it.'))
    expect(sureness('I will send it by Friday.')).toBeGreaterThan(sureness('I will try to send it by Friday.'))
  })

  it('reads each sentence by itself, ten at most', () => {
    expect(promisesIn('I will ask today. Thanks! We will write tomorrow.\nI will call.', at)).toHaveLength(3)
    expect(promisesIn('I will call. '.repeat(40), at)).toHaveLength(10)
  })
})
