import { describe, expect, it } from 'vitest'
import { clocksOf, endedKept, type SlaFact, type SlaMetric, type SlaPolicyVersion, type SlaSubject } from './clock.ts'

const subject: SlaSubject = {
  priority: 'NORMAL',
  channel: 'EMAIL',
  queueId: null,
  teamId: null,
  tags: [],
  category: null,
  isVip: false,
}
const at = (time: string): string => `2026-01-05T${time}.000Z` // a Monday
const opened = (more: Partial<SlaSubject> = {}): SlaFact => ({
  at: at('10:00:00'),
  kind: 'opened',
  subject: { ...subject, ...more },
  byAgent: false,
})
const customer = (time: string, messageId = `c${time}`): SlaFact => ({
  at: at(time),
  kind: 'customer_message',
  messageId,
})
const agent = (time: string, messageId = `a${time}`): SlaFact => ({ at: at(time), kind: 'agent_message', messageId })
const recalled = (time: string, messageId: string): SlaFact => ({ at: at(time), kind: 'recalled', messageId })
const status = (time: string, to: string, waitingOn: string | null = null): SlaFact => ({
  at: at(time),
  kind: 'status',
  status: to,
  waitingOn,
})
const changed = (time: string, to: Partial<SlaSubject>): SlaFact => ({ at: at(time), kind: 'changed', subject: to })

const metrics: SlaMetric[] = ['FIRST_RESPONSE', 'NEXT_RESPONSE', 'REQUESTER_WAIT', 'AGENT_WORK', 'RESOLUTION']
const minutes: Record<string, number> = { LOW: 240, NORMAL: 60, URGENT: 15 }

/** A target of an hour for each metric of a normal ticket, four of a low one, a quarter of an urgent one. */
const policy = (more: Partial<SlaPolicyVersion> = {}): SlaPolicyVersion => ({
  id: 'p',
  version: 1,
  from: '2025-01-01T00:00:00.000Z',
  order: 1,
  name: 'Standard',
  conditions: {},
  calendarId: null,
  targets: metrics.flatMap((metric) =>
    Object.entries(minutes).map(([priority, target]) => ({
      metric,
      priority,
      seconds: target * 60,
      warnBeforeSeconds: 600,
      businessHours: false,
    })),
  ),
  isActive: true,
  ...more,
})

const look = (history: SlaFact[], time: string, policies = [policy()]) =>
  clocksOf(history, { policies, calendars: [] }, new Date(at(time)))

const of = (history: SlaFact[], time: string, metric: SlaMetric, policies?: SlaPolicyVersion[]) =>
  look(history, time, policies).filter((clock) => clock.metric === metric)

describe('the first response', () => {
  it('is awaited, imminent, overdue', () => {
    const [pending] = of([opened()], '10:30:00', 'FIRST_RESPONSE')
    expect(pending).toMatchObject({
      status: 'PENDING',
      startedAt: at('10:00:00'),
      breachAt: at('11:00:00'),
      nextChangeAt: at('10:50:00'),
      elapsedSeconds: 1_800,
      intervals: [{ from: at('10:00:00'), to: null, counted: true, reason: 'Open' }],
    })
    expect(of([opened()], '10:49:59', 'FIRST_RESPONSE')).toMatchObject([{ status: 'PENDING', warnedAt: null }])
    expect(of([opened()], '10:50:00', 'FIRST_RESPONSE')).toMatchObject([
      { status: 'IMMINENT_BREACH', warnedAt: at('10:50:00'), nextChangeAt: at('11:00:00') },
    ])
    expect(of([opened()], '11:00:00', 'FIRST_RESPONSE')).toMatchObject([
      { status: 'BREACHING', breachAt: at('11:00:00'), breachedAt: at('11:00:00'), nextChangeAt: null },
    ])
  })

  it('comes in time, or late, and is not undone by another priority later', () => {
    const inTime = [opened(), agent('10:20:00'), changed('10:30:00', { priority: 'URGENT' })]
    expect(of(inTime, '15:00:00', 'FIRST_RESPONSE')).toMatchObject([
      { status: 'ACHIEVED', satisfiedAt: at('10:20:00'), elapsedSeconds: 1_200, breachAt: null },
    ])
    expect(of([opened(), agent('11:20:00')], '15:00:00', 'FIRST_RESPONSE')).toMatchObject([
      { status: 'BREACHED', satisfiedAt: at('11:20:00'), breachAt: at('11:00:00'), elapsedSeconds: 4_800 },
    ])
  })

  it('is the second message of an agent where an agent’s message opened the ticket', () => {
    const byAgent: SlaFact[] = [{ ...opened(), byAgent: true } as SlaFact, agent('10:00:00', 'opening')]
    expect(of(byAgent, '10:30:00', 'FIRST_RESPONSE')).toMatchObject([{ status: 'PENDING' }])
    expect(of([...byAgent, agent('10:30:00')], '10:40:00', 'FIRST_RESPONSE')).toMatchObject([{ status: 'ACHIEVED' }])
  })

  it('was never sent once it is recalled', () => {
    const history = [opened(), agent('10:20:00', 'm'), recalled('10:20:10', 'm')]
    expect(of(history, '10:30:00', 'FIRST_RESPONSE')).toEqual(of([opened()], '10:30:00', 'FIRST_RESPONSE'))
    // As it was seen before.
    expect(of(history, '10:20:05', 'FIRST_RESPONSE')).toMatchObject([{ status: 'ACHIEVED' }])
  })

  it('is cancelled by closing', () => {
    expect(of([opened(), status('10:30:00', 'CLOSED')], '15:00:00', 'FIRST_RESPONSE')).toMatchObject([
      { status: 'CANCELLED', satisfiedAt: null, breachAt: null, nextChangeAt: null },
    ])
  })
})

describe('the next response', () => {
  it('is owed to the oldest message that nobody answered', () => {
    const history = [
      opened(),
      agent('10:05:00'),
      customer('10:10:00'),
      customer('10:40:00'),
      agent('11:05:00'),
      customer('11:06:00'),
    ]
    expect(of(history, '11:30:00', 'NEXT_RESPONSE')).toMatchObject([
      { startedAt: at('10:10:00'), status: 'ACHIEVED', elapsedSeconds: 3_300 },
      { startedAt: at('11:06:00'), status: 'PENDING' },
    ])
  })

  it('is cancelled without a breach when “thanks, bye” is followed by closing', () => {
    const history = [opened(), agent('10:05:00'), customer('10:10:00'), status('12:00:00', 'CLOSED')]
    expect(of([...history.slice(0, 3), status('10:20:00', 'CLOSED')], '15:00:00', 'NEXT_RESPONSE')).toMatchObject([
      { status: 'CANCELLED', breachedAt: null, breachAt: null },
    ])
    expect(of(history, '15:00:00', 'NEXT_RESPONSE')).toMatchObject([
      { status: 'CANCELLED', breachedAt: at('11:10:00') },
    ])
  })

  it('keeps the newest of very many', () => {
    const rounds = Array.from({ length: 70 }, (_, n) => {
      const minute = String(n % 60).padStart(2, '0')
      const hour = 11 + Math.floor(n / 60)
      return [customer(`${hour}:${minute}:00`), agent(`${hour}:${minute}:30`)]
    })
    const clocks = of([opened(), ...rounds.flat()], '15:00:00', 'NEXT_RESPONSE')
    expect(clocks).toHaveLength(endedKept)
    expect(clocks.at(-1)?.startedAt).toBe(at('12:09:00'))
  })
})

describe('waiting and work', () => {
  const waits = [opened(), status('10:10:00', 'PENDING', 'CUSTOMER'), status('10:40:00', 'PENDING', 'THIRD_PARTY')]

  it('pause while the customer is waited for', () => {
    expect(of(waits, '10:20:00', 'REQUESTER_WAIT')).toMatchObject([
      { status: 'PAUSED', breachAt: null, nextChangeAt: null, elapsedSeconds: 600 },
    ])
    expect(of(waits, '10:50:00', 'REQUESTER_WAIT')).toMatchObject([
      { status: 'PENDING', elapsedSeconds: 1_200, breachAt: at('11:30:00') },
    ])
    expect(of(waits, '10:50:00', 'AGENT_WORK')).toMatchObject([{ status: 'PAUSED', elapsedSeconds: 600 }])
  })

  it('go on in a snooze, which is the team’s own time', () => {
    const snoozed = [opened(), status('10:10:00', 'PENDING', 'SNOOZE')]
    expect(of(snoozed, '10:30:00', 'AGENT_WORK')).toMatchObject([{ status: 'PENDING', elapsedSeconds: 1_800 }])
    expect(of(snoozed, '10:30:00', 'REQUESTER_WAIT')).toMatchObject([{ status: 'PENDING', elapsedSeconds: 1_800 }])
  })

  it('have intervals that add up', () => {
    expect(of([...waits, status('11:00:00', 'CLOSED')], '15:00:00', 'REQUESTER_WAIT')[0]?.intervals).toEqual([
      { from: at('10:00:00'), to: at('10:10:00'), counted: true, reason: 'Open' },
      { from: at('10:10:00'), to: at('10:40:00'), counted: false, reason: 'Waiting on the customer' },
      { from: at('10:40:00'), to: at('11:00:00'), counted: true, reason: 'Waiting on a third party' },
    ])
  })
})

describe('the resolution', () => {
  it('counts in all states, and starts anew when the ticket is opened again', () => {
    const history = [
      opened(),
      status('10:10:00', 'PENDING', 'CUSTOMER'),
      status('10:40:00', 'CLOSED'),
      status('12:00:00', 'OPEN'),
    ]
    expect(of(history, '12:10:00', 'RESOLUTION')).toMatchObject([
      { status: 'ACHIEVED', elapsedSeconds: 2_400, startedAt: at('10:00:00') },
      { status: 'PENDING', elapsedSeconds: 600, startedAt: at('12:00:00') },
    ])
  })
})

describe('a promise', () => {
  it('is of the first policy in order that matches, in its version in force, at the opening and at each change', () => {
    const vip = policy({ id: 'v', order: 0, conditions: { field: 'isVip', op: 'eq', value: true } })
    const second = policy({ version: 2, from: at('10:30:00') })
    const policies = [vip, policy(), second, policy({ id: 'off', order: -1, isActive: false })]
    const named = (history: SlaFact[]) => of(history, '10:45:00', 'RESOLUTION', policies)
    expect(named([opened({ isVip: true })])).toMatchObject([{ policyId: 'v', policyVersion: 1 }])
    expect(named([opened()])).toMatchObject([{ policyId: 'p', policyVersion: 1 }])
    expect(named([opened(), changed('10:40:00', { category: 'x' })])).toMatchObject([
      { policyId: 'p', policyVersion: 2 },
    ])
  })

  it('of another priority goes on with what was counted', () => {
    const raised = [opened({ priority: 'LOW' }), changed('10:30:00', { priority: 'NORMAL' })]
    expect(of(raised, '10:40:00', 'FIRST_RESPONSE')).toMatchObject([{ status: 'PENDING', breachAt: at('11:00:00') }])
    const urgent = [...raised, changed('10:45:00', { priority: 'URGENT' })]
    expect(of(urgent, '10:46:00', 'FIRST_RESPONSE')).toMatchObject([{ status: 'BREACHING', breachAt: at('10:45:00') }])
    const low = [...urgent, changed('10:50:00', { priority: 'LOW' })]
    expect(of(low, '10:51:00', 'FIRST_RESPONSE')).toMatchObject([{ status: 'PENDING', breachAt: at('14:00:00') }])
  })

  it('may be withdrawn, and given again', () => {
    const without = policy({ conditions: { field: 'category', op: 'exists', value: false } })
    const history = [opened(), changed('10:10:00', { category: 'x' }), changed('10:30:00', { category: null })]
    expect(of(history, '10:20:00', 'RESOLUTION', [without])).toMatchObject([
      { status: 'CANCELLED', nextChangeAt: null },
    ])
    expect(of(history, '10:40:00', 'RESOLUTION', [without])).toMatchObject([
      { status: 'PENDING', elapsedSeconds: 1_200 },
    ])
  })

  it('is none for a ticket without a policy, or of which the opening is not known', () => {
    expect(look([opened()], '10:30:00', [])).toEqual([])
    expect(look([customer('10:00:00')], '10:30:00')).toEqual([])
  })

  it('in business hours keeps what was counted when the calendar changes', () => {
    const calendar = { id: 'c', version: 1, from: at('00:00:00'), name: 'Shop', timeZone: 'UTC', holidays: [] }
    const hours = (opensAt: string, closesAt: string) => [{ weekday: 1, opensAt, closesAt }]
    const calendars = [
      { ...calendar, weekly: hours('09:00:00', '10:30:00') },
      { ...calendar, version: 2, from: at('12:00:00'), weekly: hours('09:00:00', '17:00:00') },
    ]
    const targets = policy().targets.map((target) => ({ ...target, businessHours: true }))
    const policies = [policy({ calendarId: 'c', targets })]
    const clock = (time: string) => clocksOf([opened()], { policies, calendars }, new Date(at(time)))[0]
    expect(clock('11:00:00')).toMatchObject({ elapsedSeconds: 1_800, breachAt: '2026-01-12T09:30:00.000Z' })
    expect(clock('12:05:00')).toMatchObject({ elapsedSeconds: 2_100, breachAt: at('12:30:00') })
    expect(clock('12:05:00')?.intervals.map(({ from, counted }) => [from, counted])).toEqual([
      [at('10:00:00'), true],
      [at('10:30:00'), false],
      [at('12:00:00'), true],
    ])
  })
})
