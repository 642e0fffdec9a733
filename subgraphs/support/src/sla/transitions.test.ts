import { createRandom } from '@quimbi/service/random.ts'
import { describe, expect, it } from 'vitest'
import { clocksOf, type SlaClockState, type SlaFact, type SlaRules } from './clock.ts'
import { aHistory, aWorld } from './histories.test-kit.ts'
import { pressingStatus, transitions, type SlaTransition } from './transitions.ts'

/** What is told when one looks at these instants, in order. */
function toldAt(history: readonly SlaFact[], rules: SlaRules, looks: readonly number[]): SlaTransition[] {
  let before: SlaClockState[] = []
  return looks.flatMap((look) => {
    const after = clocksOf(history, rules, new Date(look))
    const news = transitions(before, after)
    // As stored and read again.
    before = JSON.parse(JSON.stringify(after)) as SlaClockState[]
    return news
  })
}

const line = ({ type, at, clock }: SlaTransition) => `${at} ${type} ${clock.metric} ${clock.startedAt}`

function cases(seed: number, withRecalls: boolean) {
  const world = aWorld(seed)
  const random = createRandom(seed)
  return Array.from({ length: 60 }, () => {
    const { history: all } = aHistory(random, world)
    const history = withRecalls ? all : all.filter(({ kind }) => kind !== 'recalled')
    const end = (world.start + 14 * 86_400) * 1_000
    const looks = Array.from({ length: 12 }, () => world.start * 1_000 + Math.floor(random() * 14 * 86_400_000))
    return { history, rules: world.rules, end, looks: [...looks.sort((a, b) => a - b), end] }
  })
}

describe('what is told of the clocks', () => {
  it('is the same however often one looks: each thing once, at its exact instant', () => {
    for (const seed of [1, 2, 3, 4, 5])
      for (const { history, rules, looks, end } of cases(seed, false)) {
        const often = toldAt(history, rules, looks).map(line).sort()
        expect(often).toEqual(toldAt(history, rules, [end]).map(line).sort())
        expect(toldAt(history, rules, [end, end])).toEqual(toldAt(history, rules, [end]))
      }
  })

  it('is no second warning after a recall', () => {
    for (const seed of [6, 7, 8, 9])
      for (const { history, rules, looks } of cases(seed, true)) {
        const told = toldAt(history, rules, looks).filter(({ type }) => type !== 'SLA_ACHIEVED')
        const starts = told.filter(({ type }) => type === 'SLA_STARTED').map(line)
        const keys = told.map(({ type, clock }) => `${type} ${clock.metric} ${clock.startedAt}`)
        // Several that started within one second have one name here.
        if (new Set(starts).size === starts.length) expect(new Set(keys).size).toBe(keys.length)
      }
  })

  it('comes in the order of its time', () => {
    for (const { history, rules, end } of cases(10, false)) {
      const instants = toldAt(history, rules, [end]).map(({ at }) => Date.parse(at))
      expect(instants).toEqual(instants.toSorted((a, b) => a - b))
    }
  })
})

describe('the most pressing state', () => {
  it('is that of the clock that is worst off, and none without one', () => {
    const clock = (status: SlaClockState['status']) => ({ status }) as SlaClockState
    expect(pressingStatus([clock('ACHIEVED'), clock('PENDING'), clock('BREACHING')])).toBe('BREACHING')
    expect(pressingStatus([clock('ACHIEVED'), clock('PAUSED')])).toBe('PAUSED')
    expect(pressingStatus([])).toBeNull()
  })
})
