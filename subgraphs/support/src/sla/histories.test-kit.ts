// Random histories of tickets for tests and the benchmark: up to 14 days, around the days on which clocks change.
import { between, createRandom, pick, type Random } from '@quimbi/service/random.ts'
import type {
  CalendarVersion,
  SlaClockState,
  SlaFact,
  SlaMetric,
  SlaPolicyVersion,
  SlaRules,
  SlaSubject,
} from './clock.ts'
import { bitmapOf } from './bitmap.test-kit.ts'
import { asVerdict, oracle, type OracleWorld, type Verdict } from './oracle.test-kit.ts'

const day = 86_400
const days = 14
const zones = [
  'America/New_York',
  'Europe/Paris',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'America/St_Johns',
  'Asia/Kathmandu',
  'UTC',
] as const
/** Days around which some of these zones change their clocks. */
const around = [
  '2026-03-08',
  '2026-03-29',
  '2026-04-05',
  '2026-09-27',
  '2026-10-04',
  '2026-10-25',
  '2026-11-01',
] as const
const priorities = ['URGENT', 'HIGH', 'NORMAL', 'LOW'] as const
const metrics: readonly SlaMetric[] = ['FIRST_RESPONSE', 'NEXT_RESPONSE', 'REQUESTER_WAIT', 'AGENT_WORK', 'RESOLUTION']

const isoOf = (second: number): string => new Date(second * 1_000).toISOString()
const chance = (random: Random, probability: number): boolean => random() < probability
const clockTime = (second: number): string =>
  [second / 3_600, (second / 60) % 60, second % 60].map((part) => String(Math.floor(part)).padStart(2, '0')).join(':')

/** Rules, and what the oracle needs of them. */
export function aWorld(seed: number): OracleWorld {
  const random = createRandom(seed)
  const middle = Date.parse(pick(random, around)) / 1_000
  const start = middle - between(random, 0, days) * day
  const length = (days + 7) * day
  const calendars = ['c1', 'c2'].flatMap((id) => {
    const timeZone = pick(random, zones)
    return Array.from({ length: between(random, 1, 2) }, (_, index) => ({
      ...calendarVersion(random, start, timeZone),
      id,
      version: index + 1,
      from: isoOf(index === 0 ? start - 1 : start + between(random, 0, days * day)),
    }))
  })
  const rules: SlaRules = { calendars, policies: policiesOf(random, start) }
  return { rules, start, length, bitmaps: new Map(calendars.map((one) => [one, bitmapOf(one, start, length)])) }
}

function calendarVersion(random: Random, start: number, timeZone: string) {
  const weekly = [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) => hoursOf(random).map((hours) => ({ weekday, ...hours })))
  const holidays = Array.from({ length: between(random, 0, 3) }, () => ({
    date: isoOf(start + between(random, 0, days) * day).slice(0, 10),
    name: 'Holiday',
  }))
  return { name: 'Shop', timeZone, weekly, holidays }
}

/** None, one or two openings; some by night, some to the very end of the day. */
function hoursOf(random: Random): { opensAt: string; closesAt: string }[] {
  const grain = pick(random, [1, 60, 3_600])
  const points = Array.from({ length: pick(random, [0, 2, 2, 2, 4]) }, () => between(random, 0, day / grain) * grain)
  const sorted = [...new Set(points)].sort((a, b) => a - b)
  const pairs = Array.from({ length: Math.floor(sorted.length / 2) }, (_, index) =>
    sorted.slice(index * 2, index * 2 + 2),
  )
  return pairs.map(([opens = 0, closes = day]) => ({ opensAt: clockTime(opens), closesAt: clockTime(closes) }))
}

function policiesOf(random: Random, start: number): SlaPolicyVersion[] {
  const conditions = [
    { field: 'priority', op: 'eq', value: 'URGENT' },
    { field: 'tags', op: 'contains', value: 'gold' },
    {},
  ]
  return conditions.flatMap((condition, order) =>
    Array.from({ length: between(random, 1, 2) }, (_, index) => ({
      id: `p${order}`,
      version: index + 1,
      from: isoOf(index === 0 ? start - 1 : start + between(random, 0, days * day)),
      order: chance(random, 0.9) ? order : 2 - order,
      name: 'Policy',
      conditions: condition,
      calendarId: pick(random, ['c1', 'c2', null]),
      targets: metrics.flatMap((metric) => priorities.flatMap((priority) => targetOf(random, metric, priority))),
      isActive: chance(random, 0.9),
    })),
  )
}

function targetOf(random: Random, metric: SlaMetric, priority: string) {
  if (chance(random, 0.15)) return []
  const seconds = pick(random, [60, 900, 3_600, 4 * 3_600, 8 * 3_600, 3 * day]) + between(random, 0, 59)
  return [
    {
      metric,
      priority,
      seconds,
      warnBeforeSeconds: pick(random, [0, 1, 900, 3_600, day]),
      businessHours: chance(random, 0.75),
    },
  ]
}

/** A history in the world's span, and a second at which to look. */
export function aHistory(random: Random, { start }: OracleWorld): { history: SlaFact[]; now: number } {
  const span = Math.floor(days * day * random() ** 2) + 60
  const count = between(random, 0, 25)
  const times = Array.from({ length: count }, () => start + between(random, 0, span)).sort((a, b) => a - b)
  const opened = times[0] ?? start
  const subject: SlaSubject = {
    priority: pick(random, priorities),
    channel: 'EMAIL',
    queueId: null,
    teamId: null,
    tags: chance(random, 0.3) ? ['gold'] : [],
    category: null,
    isVip: false,
  }
  const history: SlaFact[] = [{ at: isoOf(opened), kind: 'opened', subject, byAgent: chance(random, 0.2) }]
  const sent: string[] = []
  for (const [index, time] of times.entries()) {
    // Some things happen within one second.
    const at = isoOf(index > 0 && chance(random, 0.1) ? (times[index - 1] ?? time) : time)
    history.push({ at, ...somethingHappens(random, sent, `m${index}`) } as SlaFact)
  }
  const now = start + between(random, opened - start, days * day)
  return { history: history.sort((a, b) => Date.parse(a.at) - Date.parse(b.at)), now }
}

/** A fact without its time, which whoever calls knows. */
function somethingHappens(random: Random, sent: string[], messageId: string): object {
  const roll = random()
  if (roll < 0.28) return { kind: 'customer_message', messageId }
  if (roll < 0.5) {
    sent.push(messageId)
    return { kind: 'agent_message', messageId }
  }
  if (roll < 0.58 && sent.length > 0) return { kind: 'recalled', messageId: sent.pop() }
  if (roll < 0.78)
    return pick(random, [
      { kind: 'status', status: 'OPEN', waitingOn: null },
      { kind: 'status', status: 'PENDING', waitingOn: 'CUSTOMER' },
      { kind: 'status', status: 'PENDING', waitingOn: 'THIRD_PARTY' },
      { kind: 'status', status: 'PENDING', waitingOn: 'SNOOZE' },
      { kind: 'status', status: 'CLOSED', waitingOn: null },
    ])
  if (roll < 0.9) return { kind: 'changed', subject: { priority: pick(random, priorities) } }
  return { kind: 'changed', subject: { tags: chance(random, 0.5) ? ['gold'] : [] } }
}

export type Clocks = (history: readonly SlaFact[], rules: SlaRules, now: Date) => SlaClockState[]
export type Comparison = { histories: number; mismatches: number; first: object | null }

export type CompareOptions = {
  seed: number
  histories: number
  /** How many of them under the same rules. */
  perWorld?: number
  worldOf?: (seed: number) => OracleWorld
}

/** Compares a clock with the oracle on as many random histories. */
export function compare(clocksOf: Clocks, { seed, histories, perWorld = 500, worldOf = aWorld }: CompareOptions) {
  const result: Comparison = { histories: 0, mismatches: 0, first: null }
  for (let round = 0; result.histories < histories; round += 1) {
    const world = worldOf(seed + round)
    const random = createRandom(seed + round + 1_000_000)
    for (let index = 0; index < perWorld && result.histories < histories; index += 1) {
      const { history, now } = aHistory(random, world)
      const clocks = clocksOf(history, world.rules, new Date(now * 1_000))
      const expected = sorted(oracle(world, history, now))
      const actual = sorted(clocks.map((clock) => asVerdict(world, clock)))
      result.histories += 1
      if (textOf(actual) === textOf(expected) && clocks.every((clock) => addsUp(clock, now))) continue
      result.mismatches += 1
      result.first ??= { round, index, expected, actual, history, now: isoOf(now) }
    }
  }
  return result
}

const sorted = (verdicts: Verdict[]): Verdict[] =>
  verdicts.toSorted(
    (a, b) =>
      a.startedAt - b.startedAt ||
      (a.metric < b.metric ? -1 : a.metric > b.metric ? 1 : 0) ||
      (a.satisfiedAt ?? Infinity) - (b.satisfiedAt ?? Infinity),
  )

/** JSON has no Infinity. */
const textOf = (verdicts: Verdict[]): string =>
  JSON.stringify(verdicts, (_key, value: unknown) => (value === Infinity ? 'beyond' : value))

/** Whether the pieces follow one another from the start, and those that count add up to what was counted. */
function addsUp({ startedAt, intervals, elapsedSeconds }: SlaClockState, now: number): boolean {
  const ends = intervals.map(({ to }) => (to === null ? now : Date.parse(to) / 1_000))
  const starts = intervals.map(({ from }) => Date.parse(from) / 1_000)
  const follow = starts.every((from, index) => from === (ends[index - 1] ?? Date.parse(startedAt) / 1_000))
  const counted = intervals.map(({ counted }, index) => (counted ? (ends[index] ?? 0) - (starts[index] ?? 0) : 0))
  return follow && counted.reduce((sum, seconds) => sum + seconds, 0) === elapsedSeconds
}

/** The same rules with other calendars. */
export const withCalendars = (rules: SlaRules, change: (calendar: CalendarVersion) => CalendarVersion): SlaRules => ({
  ...rules,
  calendars: rules.calendars.map(change),
})
