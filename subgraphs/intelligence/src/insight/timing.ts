import { isInstant, isPurchase } from '../features/facts.ts'
import type { CustomerHistory, InteractionChannel } from '../features/history.ts'
import type { LocalHour } from './local-time.ts'

export type MessageType = 'SUPPORT_REPLY' | 'PROMOTION' | 'WIN_BACK' | 'FOLLOW_UP' | 'SURVEY'

/** When a tenant's customers order and open: shares of the hours and of the weekdays (from Monday); plain data. */
export type TimingModel = { hours: Float64Array; weekdays: Float64Array }

/** Shares of the hours and weekdays on which one customer is active; each adds up to 1. */
export type Rhythm = TimingModel & { signs: number }

export type ContactTiming = { at: number; channel: InteractionChannel; explanation: string }

export type TimingInput = {
  history: CustomerHistory
  messageType: MessageType
  localTime: (at: number) => LocalHour
  now: number
}

/** How far ahead to look, and which hours are left in peace. A reply is awaited: it takes the best hour of the coming day. */
const rules: Record<MessageType, { withinHours: number; from: number; until: number }> = {
  SUPPORT_REPLY: { withinHours: 24, from: 7, until: 22 },
  FOLLOW_UP: { withinHours: 72, from: 8, until: 21 },
  PROMOTION: { withinHours: 168, from: 8, until: 21 },
  WIN_BACK: { withinHours: 168, from: 8, until: 21 },
  SURVEY: { withinHours: 168, from: 8, until: 21 },
}

const hourMs = 3_600_000
/** The tenant's shares count as much as so many signs of the customer's own; chosen on Online Retail before 2011-09-10. */
const signsOfTenant = { hours: 10, weekdays: 20 }
/** Half of an hour's sign spills to its neighbours: who orders at ten also reads at nine. */
const spill = 0.25

/** Orders, opens and clicks strictly before `asOf`, as local hours. */
function* signsOf(history: CustomerHistory, localTime: (at: number) => LocalHour, asOf: number): Generator<LocalHour> {
  for (const order of history.orders)
    if (order.at < asOf && isInstant(order.at) && isPurchase(order)) yield localTime(order.at)
  for (const { at, kind } of history.interactions)
    if (at < asOf && isInstant(at) && (kind === 'EMAIL_OPEN' || kind === 'EMAIL_CLICK')) yield localTime(at)
}

/** Learns from histories one by one, in any order; even shares until something is known. */
export function createTimingTrainer(localTime: (at: number) => LocalHour, asOf: number) {
  const hours = new Float64Array(24)
  const weekdays = new Float64Array(7)
  return {
    add(history: CustomerHistory): void {
      for (const sign of signsOf(history, localTime, asOf)) count(hours, weekdays, sign)
    },
    finish: (): TimingModel => ({ hours: shrunk(hours, even(24), 1), weekdays: shrunk(weekdays, even(7), 1) }),
  }
}

const even = (size: number): Float64Array => new Float64Array(size).fill(1 / size)

function count(hours: Float64Array, weekdays: Float64Array, { hour, weekday }: LocalHour): void {
  const add = (at: number, weight: number) => {
    hours[(at + 24) % 24] = (hours[(at + 24) % 24] ?? 0) + weight
  }
  add(hour, 1 - 2 * spill)
  add(hour - 1, spill)
  add(hour + 1, spill)
  weekdays[weekday] = (weekdays[weekday] ?? 0) + 1
}

function shrunk(counts: Float64Array, toward: Float64Array, weight: number): Float64Array {
  const total = counts.reduce((sum, one) => sum + one, 0)
  return counts.map((one, index) => (one + weight * (toward[index] ?? 0)) / (total + weight))
}

/** The customer's own hours and weekdays, drawn towards the tenant's. */
export function rhythmOf(
  model: TimingModel,
  history: CustomerHistory,
  localTime: (at: number) => LocalHour,
  asOf: number,
): Rhythm {
  const hours = new Float64Array(24)
  const weekdays = new Float64Array(7)
  let signs = 0
  for (const sign of signsOf(history, localTime, asOf)) {
    count(hours, weekdays, sign)
    signs += 1
  }
  return {
    hours: shrunk(hours, model.hours, signsOfTenant.hours),
    weekdays: shrunk(weekdays, model.weekdays, signsOfTenant.weekdays),
    signs,
  }
}

/** The full hour from `now` on, within the message's days and outside its quiet hours, at which the customer is likeliest to be active; the earliest of equals. */
export function optimizeTiming(
  model: TimingModel,
  { history, messageType, localTime, now }: TimingInput,
): ContactTiming {
  const rhythm = rhythmOf(model, history, localTime, now)
  const { withinHours, from, until } = rules[messageType]
  const first = Math.ceil(now / hourMs)
  let best = { at: first * hourMs, chance: -1, ...localTime(first * hourMs) }
  for (let hours = first; hours < first + withinHours; hours++) {
    const { hour, weekday } = localTime(hours * hourMs)
    if (hour < from || hour >= until) continue
    const chance = (rhythm.hours[hour] ?? 0) * (rhythm.weekdays[weekday] ?? 0)
    // Two equal weekdays or hours must not differ by a rounding.
    if (chance > best.chance * (1 + 1e-9)) best = { at: hours * hourMs, chance, hour, weekday }
  }
  return { at: best.at, channel: channelOf(history, now), explanation: explain(best, rhythm.signs) }
}

/** The channel of most of the last ten contacts before `asOf`, the latest of equals; EMAIL where there were none. */
export function channelOf({ interactions }: CustomerHistory, asOf: number): InteractionChannel {
  const recent = interactions
    .filter(({ at }) => at < asOf && isInstant(at))
    .sort((a, b) => b.at - a.at)
    .slice(0, 10)
  const counts = new Map<InteractionChannel, number>()
  for (const { channel } of recent) counts.set(channel, (counts.get(channel) ?? 0) + 1)
  const most = Math.max(...counts.values())
  return recent.find(({ channel }) => counts.get(channel) === most)?.channel ?? 'EMAIL'
}

const weekdayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

function explain({ hour, weekday }: LocalHour, signs: number): string {
  const when = `${weekdayNames[weekday] ?? ''} at ${String(hour).padStart(2, '0')}:00`
  if (signs === 0) return `${when}: this customer’s hours are not known yet, so the shop’s customers decide.`
  return `${when}: the likeliest hour by ${signs} ${signs === 1 ? 'order or open' : 'orders and opens'} of their own and by the shop’s customers.`
}
