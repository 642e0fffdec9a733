import { featureIndex as f } from './catalogue.ts'
import { dayOf } from './facts.ts'
import type { EventFact, InteractionFact } from './history.ts'
import type { Ledger } from './ledger.ts'
import { halfLifeDays, ratio } from './purchase-features.ts'

// Columns of the interactions' ledger.
const ticketColumn = 0
const messageColumn = 1
const openColumn = 2
const clickColumn = 3
const sentimentColumn = 4
const ratedColumn = 5
export const contactColumns = 6

const hourMs = 3_600_000
/** Sentiment is summed in whole millionths, so that the order of equal instants cannot matter. */
const sentimentUnits = 1_000_000
const recentDays = 91

/** What one customer said and did besides buying, in sums that the next fact adds to. */
export type Contacts = {
  days: Ledger
  visits: Ledger
  tickets: number
  contacts: number
  email: number
  messaging: number
  phone: number
  /** Resolutions that may lie ahead of what was asked for so far: when, and after how long, in ms. */
  pending: { at: number; took: number }[]
  resolved: number
  resolutionMs: number
}

/** A customer of whom nothing is known yet; what the ledgers held is gone. */
export function createContacts(days: Ledger, visits: Ledger): Contacts {
  days.clear()
  visits.clear()
  const counts = { tickets: 0, contacts: 0, email: 0, messaging: 0, phone: 0, resolved: 0, resolutionMs: 0 }
  return { days, visits, pending: [], ...counts }
}

/** Adds any event of the shop; events come oldest first. */
export function addEvent({ visits }: Contacts, { at }: EventFact): void {
  visits.add(visits.open(dayOf(at)), 0, 1)
}

/** Adds an interaction; interactions come oldest first. */
export function addInteraction(state: Contacts, interaction: InteractionFact): void {
  const { at, kind, sentiment, resolvedHours } = interaction
  const entry = state.days.open(dayOf(at))
  if (kind === 'EMAIL_OPEN') state.days.add(entry, openColumn, 1)
  if (kind === 'EMAIL_CLICK') state.days.add(entry, clickColumn, 1)
  if (kind === 'SUPPORT_TICKET') state.days.add(entry, ticketColumn, 1)
  if (kind === 'MESSAGE') state.days.add(entry, messageColumn, 1)
  if (kind === 'SUPPORT_TICKET' || kind === 'MESSAGE') addContact(state, interaction)
  if (sentiment !== null && Number.isFinite(sentiment)) {
    state.days.add(entry, sentimentColumn, Math.round(Math.min(1, Math.max(0, sentiment)) * sentimentUnits))
    state.days.add(entry, ratedColumn, 1)
  }
  if (resolvedHours !== null && resolvedHours >= 0 && Number.isFinite(resolvedHours)) {
    const took = Math.round(resolvedHours * hourMs)
    state.pending.push({ at: at + took, took })
  }
}

function addContact(state: Contacts, { kind, channel }: InteractionFact): void {
  state.contacts += 1
  if (kind === 'SUPPORT_TICKET') state.tickets += 1
  if (channel === 'EMAIL') state.email += 1
  if (channel === 'SMS' || channel === 'CHAT') state.messaging += 1
  if (channel === 'PHONE') state.phone += 1
}

/** A resolution counts from the instant at which it was known, not from its ticket's. */
function settle(state: Contacts, asOf: number): void {
  let open = 0
  for (const resolution of state.pending) {
    if (resolution.at >= asOf) state.pending[open++] = resolution
    else {
      state.resolved += 1
      state.resolutionMs += resolution.took
    }
  }
  state.pending.length = open
}

/** Writes the features of support and engagement, all but the purchases' part of `recentActivity`. */
export function writeContactFeatures(state: Contacts, asOf: number, row: Float64Array, at: number): void {
  settle(state, asOf)
  const { days, visits } = state
  const day = dayOf(asOf)
  row[at + f.tickets] = state.tickets
  row[at + f.tickets91] = countSince(days, ticketColumn, day)
  row[at + f.opens91] = countSince(days, openColumn, day)
  row[at + f.clicks91] = countSince(days, clickColumn, day)
  row[at + f.visits91] = countSince(visits, 0, day)
  row[at + f.resolutionHours] = ratio(state.resolutionMs, state.resolved) / hourMs
  row[at + f.emailShare] = ratio(state.email, state.contacts)
  row[at + f.messagingShare] = ratio(state.messaging, state.contacts)
  row[at + f.phoneShare] = ratio(state.phone, state.contacts)
  row[at + f.recentActivity] =
    decayed(visits, day, 0) +
    decayed(days, day, messageColumn) +
    decayed(days, day, openColumn) +
    decayed(days, day, clickColumn)
  writeSentiment(days, row, at)
}

function writeSentiment(days: Ledger, row: Float64Array, at: number): void {
  let sum = 0
  let rated = 0
  let last = 0
  for (let entry = 0; entry < days.size; entry += 1) {
    if (days.value(entry, ratedColumn) === 0) continue
    sum += days.value(entry, sentimentColumn)
    rated += days.value(entry, ratedColumn)
    last = days.day(entry)
  }
  row[at + f.averageSentiment] = rated === 0 ? 0.5 : sum / rated / sentimentUnits
  if (rated === 0) return
  // Weighed from the last rated day: from any later one both sums could vanish.
  const recent = decayed(days, last, sentimentColumn) / decayed(days, last, ratedColumn) / sentimentUnits
  row[at + f.sentimentTrend] = recent - sum / rated / sentimentUnits
}

function countSince(days: Ledger, column: number, day: number): number {
  let count = 0
  for (let entry = days.firstFrom(day - recentDays); entry < days.size; entry += 1) count += days.value(entry, column)
  return count
}

/** A column's sum, each day's part halved every `halfLifeDays` before `day`. */
function decayed(days: Ledger, day: number, column: number): number {
  let sum = 0
  for (let entry = 0; entry < days.size; entry += 1) {
    const value = days.value(entry, column)
    if (value !== 0) sum += value * 2 ** ((days.day(entry) - day) / halfLifeDays)
  }
  return sum
}
