import { memoryBudget } from '@quimbi/service/budget.ts'
import { fixedClock } from '@quimbi/service/clock.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { guessesPerMinute, guessLimit } from './guessing.ts'

const startOfTime = '2026-11-21T12:00:00.000Z'
const right = async () => 'a partner'
const wrong = async () => null

function aLimit() {
  const clock = fixedClock(startOfTime)
  return { clock, limit: guessLimit(memoryBudget({ clock })) }
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    (found) => found,
    (error: { extensions: object }) => error.extensions,
  )
const throttled = expect.objectContaining({ code: 'THROTTLED', reason: 'GUESSING', retryable: true })

describe('who guesses keys', () => {
  it('is refused after 20 that were wrong, before anything is asked, and for as long as it says', async () => {
    const { clock, limit } = aLimit()
    for (let guess = 0; guess < guessesPerMinute; guess += 1) expect(await limit.guard('192.0.2.1', wrong)).toBeNull()
    let asked = 0
    const look = async () => {
      asked += 1
      return null
    }
    const refusal = (await codeOf(limit.guard('192.0.2.1', look))) as { retryAfterMs: number }
    expect(refusal).toEqual(throttled)
    expect(asked).toBe(0)
    clock.advance(refusal.retryAfterMs - 1)
    expect(await codeOf(limit.guard('192.0.2.1', right))).toEqual(throttled)
    clock.advance(1)
    expect(await limit.guard('192.0.2.1', right)).toBe('a partner')
  })

  it('is not many at once', async () => {
    const { limit } = aLimit()
    const answers = await Promise.all(Array.from({ length: 100 }, () => codeOf(limit.guard('192.0.2.1', wrong))))
    expect(answers.filter((answer) => answer === null)).toHaveLength(guessesPerMinute)
  })

  it('is told by the network: a /64 is one, other addresses are others', async () => {
    const { limit } = aLimit()
    for (let host = 1; host <= guessesPerMinute; host += 1) await limit.guard(`2001:db8:1:2::${host}`, wrong)
    expect(await codeOf(limit.guard('2001:db8:1:2:ffff::1', right))).toEqual(throttled)
    expect(await limit.guard('2001:db8:1:3::1', right)).toBe('a partner')
    expect(await limit.guard(undefined, right)).toBe('a partner')
  })

  it('is never who has keys, nor who met a database that failed: whatever was tried, only what was wrong counts', async () => {
    const failing = () => Promise.reject(new Error('the database is away'))
    const tries = fc.array(fc.constantFrom(right, wrong, failing), { maxLength: 200 })
    await fc.assert(
      fc.asyncProperty(tries, async (looks) => {
        const { limit } = aLimit()
        let wrongs = 0
        for (const look of looks) {
          const outcome = await limit.guard('192.0.2.1', look).catch((error: Error) => error.message)
          if (wrongs >= guessesPerMinute) expect(outcome).toMatch(/Too much/)
          else expect(outcome).toBe(look === right ? 'a partner' : look === wrong ? null : 'the database is away')
          if (outcome === null) wrongs += 1
        }
      }),
    )
  })
})
