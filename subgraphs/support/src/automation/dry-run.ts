import { codedError, UserErrors } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Ticket } from '../../generated/prisma/client.ts'
import { needToRead } from '../agents/permissions.ts'
import { holds } from '../common/conditions.ts'
import type { Db } from '../database.ts'
import { newestEntries, type TicketEntry } from '../log/entries.ts'
import { configOf } from '../tenants/config.ts'
import { isTooDeep, rootOf, triggerOf, watchedTypes, type Happening } from './happening.ts'
import { secondsInStateOf } from './language.ts'
import { checkRule, type CheckedRule, type RuleInput } from './service.ts'
import { customerColumns, numeric, subjectOf } from './subject.ts'
import { longInState, timeInState } from './time-in-state.ts'

const dayMs = 86_400_000
const mostDays = 30
const mostEvents = 50_000
const pageSize = 1_000
const sampleSize = 10

export type DryRun = { wouldFire: number; sample: Ticket[] }

/**
 * What a rule would have fired for lately, without doing any of it: each event with the ticket as the event left it, where the log tells, and
 * else as it is. Of a rule on time in a state: the tickets that are in theirs. Throws BAD_USER_INPUT also where the tenant's last days hold
 * more than 50,000 events.
 */
export async function dryRun(
  db: Db,
  viewer: Viewer,
  { input, days }: { input: RuleInput; days?: number | null },
  now: Date,
): Promise<DryRun> {
  needToRead(viewer, 'config:read')
  const asked = days ?? mostDays
  if (asked < 1 || asked > mostDays) throw codedError('BAD_USER_INPUT', `days lies between 1 and ${mostDays}.`)
  const rule = checked(input)
  const trial: Trial = { db, tenantId: viewer.tenantId, rule, since: new Date(now.getTime() - asked * dayMs), now }
  const fired = rule.trigger === 'TIME_IN_STATE' ? await ofStates(trial) : await ofLog(trial)
  return { wouldFire: fired.length, sample: await sampleOf(trial, fired) }
}

type Trial = { db: Db; tenantId: string; rule: CheckedRule; since: Date; now: Date }

/** A query has no payload for expected failures. */
function checked(input: RuleInput): CheckedRule {
  try {
    return checkRule(input)
  } catch (error) {
    if (!(error instanceof UserErrors)) throw error
    throw codedError(
      'BAD_USER_INPUT',
      error.errors.map(({ message, path }) => `${path?.join('.') ?? ''}: ${message}`).join(' '),
    )
  }
}

/** Ids of the tickets that it would have fired for, one for each firing, newest first. */
async function ofLog(trial: Trial): Promise<string[]> {
  const { db, tenantId, since } = trial
  const fired: string[] = []
  const causes = new Set<string>()
  let before: bigint | null = null
  for (let seen = 0; ;) {
    const entries: TicketEntry[] = await newestEntries(db, tenantId, { before, types: watchedTypes, limit: pageSize })
    const recent = entries.filter(({ occurredAt }) => occurredAt >= since)
    for (const happening of await firing(trial, recent)) {
      const cause = `${happening.ticketId} ${rootOf(happening)}`
      if (!causes.has(cause)) fired.push(happening.ticketId)
      causes.add(cause)
    }
    seen += entries.length
    if (entries.length < pageSize || recent.length === 0) return fired
    if (seen >= mostEvents)
      throw codedError('BAD_USER_INPUT', `That is more than ${mostEvents.toLocaleString('en')} events: try fewer days.`)
    before = entries.at(-1)?.sequence ?? null
  }
}

async function firing({ db, tenantId, rule }: Trial, entries: readonly TicketEntry[]): Promise<Happening[]> {
  const happenings = entries
    .map((entry) => ({ ...entry, at: entry.occurredAt }) as TicketEntry & Happening)
    .filter((one) => triggerOf(one) === rule.trigger && !isTooDeep(one))
  const { tenant } = await configOf(db, tenantId)
  const tickets = await ticketsOf(
    db,
    tenantId,
    happenings.map(({ ticketId }) => ticketId),
  )
  const messageIds = happenings.flatMap(({ payload }) => payload.messageId ?? [])
  const messages = new Map(
    (messageIds.length === 0
      ? []
      : await db.message.findMany({
          where: { tenantId, id: { in: messageIds }, deletedAt: null },
          select: { id: true, content: true, isAutomatic: true },
        })
    ).map((message) => [message.id, message]),
  )
  return happenings.filter((happening) => {
    const known = tickets.get(happening.ticketId)
    if (!known) return false
    const { customer, ...ticket } = known
    const { view } = happening.payload
    const then = { ...ticket, ...view, createdAt: ticket.createdAt }
    const message = messages.get(happening.payload.messageId ?? '') ?? null
    return holds(rule.conditions, subjectOf(then, { happening, customer: numeric(customer), message, tenant }))
  })
}

async function ticketsOf(db: Db, tenantId: string, ids: readonly string[]) {
  const where = { tenantId, id: { in: [...new Set(ids)] } }
  const tickets = await db.ticket.findMany({ where, include: { customer: { select: customerColumns } } })
  return new Map(tickets.map((ticket) => [ticket.id, ticket]))
}

async function ofStates({ db, tenantId, rule, now }: Trial): Promise<string[]> {
  const { tenant } = await configOf(db, tenantId)
  const since = new Date(now.getTime() - (secondsInStateOf(rule.conditions) ?? 0) * 1_000)
  const fired: string[] = []
  for (let after: string | undefined; ;) {
    const page = await longInState(db, tenantId, { since, after, take: pageSize })
    for (const { customer, ...ticket } of page) {
      const happening = timeInState(ticket, now)
      const subject = subjectOf(ticket, { happening, customer: numeric(customer), message: null, tenant })
      if (holds(rule.conditions, subject)) fired.push(ticket.id)
    }
    if (page.length < pageSize) return fired
    if (fired.length >= mostEvents) return fired
    after = page.at(-1)?.id
  }
}

async function sampleOf({ db, tenantId }: Trial, fired: readonly string[]): Promise<Ticket[]> {
  const ids = [...new Set(fired)].slice(0, sampleSize)
  const tickets = await db.ticket.findMany({ where: { tenantId, id: { in: ids } } })
  return ids.flatMap((id) => tickets.find((ticket) => ticket.id === id) ?? [])
}
