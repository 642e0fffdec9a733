import { derivedId } from '@quimbi/database/ids.ts'
import { defineJob } from '@quimbi/database/jobs.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import { z } from 'zod'
import type { Ticket } from '../../generated/prisma/client.ts'
import { holds } from '../common/conditions.ts'
import type { Db, SupportDatabase } from '../database.ts'
import { systemActor } from '../log/actors.ts'
import { configOf, type TenantConfig } from '../tenants/config.ts'
import { chainsOfStates, type Chain } from './cause.ts'
import { rulesFor, runRules } from './engine.ts'
import { rootOf, type Happening } from './happening.ts'
import { secondsInStateOf } from './language.ts'
import { customerColumns, numeric, subjectOf } from './subject.ts'

const batchSize = 200
const trigger = 'TIME_IN_STATE'

/** What time that a ticket spent in its state is to rules: one cause for each period, or that of the rule that brought it there. Pure. */
export const timeInState = (
  { tenantId, id, stateSince, createdAt }: Pick<Ticket, 'tenantId' | 'id' | 'stateSince' | 'createdAt'>,
  now: Date,
  chain: Chain = {},
): Happening => ({
  eventId: derivedId(tenantId, trigger, id, (stateSince ?? createdAt).toISOString()),
  type: trigger,
  at: now,
  ticketId: id,
  payload: { actor: systemActor('TIMER', trigger), changes: [], ...chain },
})

/** Tickets that are not closed, and in their state since an instant or longer, with what rules know of their customers; by id, a page of them. */
export const longInState = (
  db: Db,
  tenantId: string,
  { since, after, take }: { since: Date; after?: string | undefined; take: number },
) =>
  db.ticket.findMany({
    where: {
      tenantId,
      status: { in: ['OPEN', 'PENDING'] },
      OR: [{ stateSince: { lte: since } }, { stateSince: null, createdAt: { lte: since } }],
      ...(after && { id: { gt: after } }),
    },
    include: { customer: { select: customerColumns } },
    orderBy: { id: 'asc' },
    take,
  })

/** Runs the rules on time in a state, of all tenants. Each fires once for a ticket and period. May run twice. */
export async function runTimeRules(database: SupportDatabase, now: Date): Promise<number> {
  const rules = await database.system.automationRule.findMany({
    where: { isActive: true, trigger },
    select: { tenantId: true },
    distinct: ['tenantId'],
    orderBy: { tenantId: 'asc' },
  })
  let fired = 0
  for (const { tenantId } of rules) fired += await ofTenant(database, tenantId, now)
  return fired
}

async function ofTenant(database: SupportDatabase, tenantId: string, realNow: Date): Promise<number> {
  const db = database.forTenant(tenantId)
  const config = await configOf(db, tenantId)
  const { tenant, rules } = config
  const now = new Date(realNow.getTime() + tenant.clockOffsetSeconds * 1_000)
  const waits = rules.flatMap((rule) => (rule.trigger === trigger ? [secondsInStateOf(rule.conditions) ?? 0] : []))
  if (waits.length === 0) return 0
  const since = new Date(now.getTime() - Math.min(...waits) * 1_000)
  let fired = 0
  for (let after: string | undefined; ;) {
    const tickets = await longInState(db, tenantId, { since, after, take: batchSize })
    for (const { happening, rules } of await dueOf(db, { tenantId, config, now, tickets }))
      fired += await database.transact(tenantId, (tx) => runRules(tx, { tenantId, happening, now, config }, { rules }))
    if (tickets.length < batchSize) return fired
    after = tickets.at(-1)?.id
  }
}

type Looking = { tenantId: string; config: TenantConfig; now: Date; tickets: Awaited<ReturnType<typeof longInState>> }

/**
 * Tickets with a rule that holds and has not fired for this period yet, and all their rules: one that fires may make another hold. Read without
 * a lock, so that those that only wait are nobody's hindrance; whoever runs the rules looks again under one.
 */
async function dueOf(db: Db, { tenantId, config, now, tickets }: Looking) {
  const ids = tickets.map(({ id }) => id)
  const chains = await chainsOfStates(db, tenantId, ids)
  const waiting = tickets.flatMap(({ customer, ...ticket }) => {
    const happening = timeInState(ticket, now, chains.get(ticket.id))
    const rules = rulesFor(config, happening)
    const known = { happening, customer: numeric(customer), message: null, tenant: config.tenant }
    const subject = subjectOf(ticket, known)
    const holding = rules.filter(({ conditions }) => holds(conditions, subject))
    return holding.length === 0 ? [] : [{ happening, rules, holding }]
  })
  const fired = await firedFor(
    db,
    tenantId,
    waiting.map(({ happening }) => happening),
  )
  return waiting.filter(({ happening, holding }) => holding.some(({ id }) => !fired.has(firingKey(id, happening))))
}

const firingKey = (ruleId: string, happening: Happening): string =>
  `${ruleId} ${happening.ticketId} ${rootOf(happening)}`

/** The rules that fired, as `firingKey`s. */
async function firedFor(db: Db, tenantId: string, happenings: readonly Happening[]): Promise<Set<string>> {
  if (happenings.length === 0) return new Set()
  const rows = await db.$queryRaw<{ key: string }[]>`
    SELECT concat_ws(' ', f.rule_id, f.ticket_id, f.cause_id) AS key
    FROM unnest(${happenings.map(({ ticketId }) => ticketId)}::uuid[], ${happenings.map(rootOf)}::uuid[]) AS w (ticket_id, cause_id)
    JOIN rule_firing f ON f.tenant_id = ${tenantId}::uuid AND f.ticket_id = w.ticket_id AND f.cause_id = w.cause_id`
  return new Set(rows.map(({ key }) => key))
}

/** The job behind the clock's every minute. */
export const timeRulesJob = ({ database, clock }: { database: SupportDatabase; clock: Clock }) =>
  defineJob({
    name: 'support.automation.time',
    schema: z.object({ tenantId: z.uuid() }),
    run: async () => void (await runTimeRules(database, clock.now())),
  })
