import { beforeAll, describe, expect, it } from 'vitest'
import { shippedModel } from '../shipped.ts'
import { createTriage, type Triager } from '../triage.ts'
import { developing } from './developing.test-kit.ts'
import { developingMore } from './developing-more.test-kit.ts'
import { judging } from './judging.test-kit.ts'
import { isRight, type OwnWords } from './own-words.test-kit.ts'

let triager: Triager
beforeAll(async () => {
  triager = createTriage(await shippedModel())
}, 120_000)

const said = (text: string) => triager.about([text]).intent?.label ?? null

/** Shares: right of what was asked, said wrongly of it, and claimed of what is none of a shop's business. */
function figures({ asked, outside }: OwnWords) {
  const share = (count: number, of: number) => Math.round((count / of) * 1_000) / 1_000
  const wrong = asked.filter(([intent, text]) => said(text) !== null && !isRight(intent, said(text)))
  return {
    right: share(asked.filter(([intent, text]) => isRight(intent, said(text))).length, asked.length),
    wrong: share(wrong.length, asked.length),
    claimed: share(outside.filter((text) => ![null, 'other'].includes(said(text))).length, outside.length),
  }
}

describe('messages in a customer’s own words', () => {
  it('are of all ten intents, and no two sets have one in common', () => {
    const sets = [developing, developingMore, judging]
    const all = sets.flatMap(({ asked, outside }) => [...asked.map(([, text]) => text), ...outside])
    expect(new Set(all.map((text) => text.toLowerCase())).size).toBe(all.length)
    expect(sets.map(({ asked }) => asked.length)).toEqual([120, 120, 80])
    for (const { asked } of sets) expect(new Set(asked.map(([intent]) => intent)).size).toBeGreaterThanOrEqual(11)
  })

  // What was measured, with a little room for other rounding.
  it.each([
    ['the grammar was written with', developing, { right: 0.95, wrong: 0.02, claimed: 0.05 }],
    ['it was then written on with', developingMore, { right: 0.96, wrong: 0.02, claimed: 0.05 }],
    ['it never saw', judging, { right: 0.775, wrong: 0.075, claimed: 0.3 }],
  ])('are understood, those that %s', (_, set, floor) => {
    const { right, wrong, claimed } = figures(set)
    expect(right).toBeGreaterThanOrEqual(floor.right)
    expect(wrong).toBeLessThanOrEqual(floor.wrong)
    expect(claimed).toBeLessThanOrEqual(floor.claimed)
  })

  it.each([
    ['My card was charged twice', 'payment'],
    ['the money is not on my account yet', 'refund_status'],
    ['I asked for a medium and got a small', 'order_wrong'],
    ['does the lamp run on 110 volts?', 'product_question'],
    ['thanks', 'thanks'],
  ])('"%s" is %s', (text, intent) => expect(said(text)).toBe(intent))
})
