import { describe, expect, it } from 'vitest'
import { clocksOf, type SlaFact, type SlaRules, type SlaTargetRule } from './clock.ts'
import { aWorld, compare, withCalendars, type Clocks } from './histories.test-kit.ts'
import type { OracleWorld } from './oracle.test-kit.ts'

const seed = 20_261_121

describe('the SLA clock', () => {
  it('agrees with the oracle on 5,000 random histories', () => {
    const { histories, mismatches, first } = compare(clocksOf, { seed, histories: 5_000 })
    expect(first).toBeNull()
    expect([histories, mismatches]).toEqual([5_000, 0])
  }, 120_000)

  // Bitmaps take longer to write down than to read.
  const worlds = new Map<number, OracleWorld>()
  const worldOf = (from: number): OracleWorld => {
    const world = worlds.get(from) ?? aWorld(from)
    worlds.set(from, world)
    return world
  }

  const withTargets = (rules: SlaRules, change: (target: SlaTargetRule) => SlaTargetRule): SlaRules => ({
    ...rules,
    policies: rules.policies.map((policy) => ({ ...policy, targets: policy.targets.map(change) })),
  })
  const secondEarlier = (time: string) =>
    new Date(Date.parse(`1970-01-02T${time}Z`.replace('02T24:00:00', '03T00:00:00')) - 1_000)
      .toISOString()
      .slice(11, 19)
  const offsetIn = (timeZone: string, at: string) => {
    const name = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).format(new Date(at))
    return name.split('GMT')[1] || '+00:00'
  }

  const onRules =
    (mutate: (rules: SlaRules) => SlaRules): Clocks =>
    (history, rules, now) =>
      clocksOf(history, mutate(rules), now)
  const onHistory =
    (mutate: (history: readonly SlaFact[]) => readonly SlaFact[]): Clocks =>
    (history, rules, now) =>
      clocksOf(mutate(history), rules, now)

  it.each<[string, Clocks]>([
    [
      'closes a second early',
      onRules((rules) =>
        withCalendars(rules, (calendar) => ({
          ...calendar,
          weekly: calendar.weekly.map((hours) => ({ ...hours, closesAt: secondEarlier(hours.closesAt) })),
        })),
      ),
    ],
    [
      'knows no daylight saving',
      onRules((rules) =>
        withCalendars(rules, (calendar) => ({
          ...calendar,
          timeZone: offsetIn(calendar.timeZone, '2026-01-01T00:00:00Z'),
        })),
      ),
    ],
    ['knows no holidays', onRules((rules) => withCalendars(rules, (calendar) => ({ ...calendar, holidays: [] })))],
    [
      'counts anew what was counted under an earlier version of a calendar',
      onRules((rules) => {
        const newest = (id: string) => rules.calendars.findLast((calendar) => calendar.id === id)
        return withCalendars(rules, (calendar) => ({ ...(newest(calendar.id) ?? calendar), from: calendar.from }))
      }),
    ],
    [
      'warns a second late',
      onRules((rules) =>
        withTargets(rules, (target) => ({ ...target, warnBeforeSeconds: Math.max(0, target.warnBeforeSeconds - 1) })),
      ),
    ],
    [
      'breaches a second late',
      onRules((rules) => withTargets(rules, (target) => ({ ...target, seconds: target.seconds + 1 }))),
    ],
    [
      'applies a policy before it was saved',
      onRules((rules) => ({
        ...rules,
        policies: rules.policies.map((policy) => ({ ...policy, from: '2020-01-01T00:00:00Z' })),
      })),
    ],
    ['forgets recalls', onHistory((history) => history.filter(({ kind }) => kind !== 'recalled'))],
    [
      'pauses for a third party',
      onHistory((history) =>
        history.map((fact) =>
          'waitingOn' in fact && fact.waitingOn === 'THIRD_PARTY' ? { ...fact, waitingOn: 'CUSTOMER' } : fact,
        ),
      ),
    ],
    [
      'never pauses',
      onHistory((history) =>
        history.map((fact) => ('waitingOn' in fact && fact.status === 'PENDING' ? { ...fact, status: 'OPEN' } : fact)),
      ),
    ],
    ['hears no change of priority', onHistory((history) => history.filter(({ kind }) => kind !== 'changed'))],
    [
      'takes the opening message for an answer',
      onHistory((history) => history.map((fact) => (fact.kind === 'opened' ? { ...fact, byAgent: false } : fact))),
    ],
    [
      'starts a clock anew with every message of the customer',
      onHistory((history) =>
        history.filter(
          (fact, index) => fact.kind !== 'customer_message' || history[index + 1]?.kind !== 'customer_message',
        ),
      ),
    ],
  ])('is caught where it %s', (_name, mutant) => {
    expect(compare(mutant, { seed, histories: 400, perWorld: 100, worldOf }).mismatches).toBeGreaterThan(0)
  })
})
