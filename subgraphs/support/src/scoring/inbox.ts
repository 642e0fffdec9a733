import { connection, pageSize, type Connection, type PageRequest } from '@quimbi/service/pagination.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { encodePosition } from '@quimbi/subgraph/log-cursor.ts'
import type { Prisma, Ticket } from '../../generated/prisma/client.ts'
import { alertsInForce } from '../alerts/in-force.ts'
import { keywordsToLookFor } from '../alerts/keywords.ts'
import type { Db } from '../database.ts'
import { configOf } from '../tenants/config.ts'
import { conditionsOf, type TicketFilter } from '../tickets/filter.ts'
import { basisOf, decodePlace, encodePlace, type InboxPlace } from './inbox-place.ts'
import { filterSql, liftedPageSql, restSql, sizeSql, sortedSql, viewsOf } from './inbox-sql.ts'
import type { InboxRow, Lift, Scope } from './inbox-sql.ts'
import type { Formula } from './score.ts'

type Optional<T> = T | null | undefined

export type InboxRequest = PageRequest & { filter?: Optional<TicketFilter>; topicAlerts?: Optional<readonly string[]> }

/** A page of the inbox; the whole is counted only when asked for. */
export type InboxPage = Connection<Ticket> & {
  topicAlertsActive: string[]
  asOf: string
  countAll(): Promise<number>
  countMatching(): Promise<number>
}

/** More tickets than this are not counted. */
const countLimit = 10_000

/**
 * OPEN tickets, best first; what topic alerts lift counts as much higher. `after` is a place in the order, so a ticket that kept its rank is
 * neither skipped nor repeated.
 */
export async function inbox(db: Db, viewer: Viewer, request: InboxRequest, now: Date): Promise<InboxPage> {
  const { first, after, topicAlerts } = request
  const filter = request.filter ?? {}
  const size = pageSize(first, { default: 50 })
  // Before the page: what happens while it is read is told again after asOf, and not missed.
  const { configVersion, head } = await standing(db, viewer.tenantId)
  const config = await configOf(db, viewer.tenantId, configVersion)
  const { formula } = config
  const { keywords, lift, basis } = topicAlerts
    ? await liftedBy(db, formula, topicAlerts)
    : await liftedByAlerts(db, viewer, config, now)
  const place = decodePlace(after, basis)
  const isOpen = filter.status?.includes('OPEN') ?? true
  const scope: Scope = {
    tenantId: viewer.tenantId,
    views: isOpen ? viewsOf(viewer, filter) : [],
    conditions: conditionsOf(filter).length > 0 ? filterSql(filter) : null,
    lift,
    boost: formula.weights.topicAlert,
  }
  const page = await read(db, scope, formula, { place, now, limit: size + 1 })
  const count = (lifted: boolean) => (scope.views.length === 0 ? Promise.resolve(0) : countOf(db, scope, lifted))
  const { edges, nodes, pageInfo } = connection(
    page.rows,
    size,
    ({ key, ticket: { id } }) => encodePlace({ key, id, at: page.at }, basis),
    { after },
  )
  return {
    edges: edges.map(({ node, cursor }) => ({ node: node.ticket, cursor })),
    nodes: nodes.map(({ ticket }) => ticket),
    pageInfo,
    topicAlertsActive: keywords,
    asOf: encodePosition(viewer.tenantId, head),
    countAll: () => count(false),
    countMatching: async () => (lift.by === 'nothing' ? 0 : count(true)),
  }
}

async function standing(db: Db, tenantId: string): Promise<{ configVersion: number; head: bigint }> {
  const [row] = await db.$queryRaw<{ configVersion: number; head: bigint }[]>`
    SELECT config_version AS "configVersion", coalesce((SELECT last FROM event_head WHERE tenant_id = tenant.id), 0) AS head
    FROM tenant WHERE id = ${tenantId}::uuid`
  if (!row) throw new Error('The tenant is gone.')
  return row
}

type Lifted = { keywords: string[]; lift: Lift; basis: string }

async function liftedByAlerts(
  db: Db,
  viewer: Viewer,
  config: Awaited<ReturnType<typeof configOf>>,
  now: Date,
): Promise<Lifted> {
  const alerts = await alertsInForce(db, viewer, config, now)
  const keywords = [...new Set(alerts.flatMap((alert) => alert.keywords))]
  const alertIds = alerts.map(({ id }) => id)
  const basis = basisOf(config.formula, [...alertIds, ...keywords])
  return { keywords, lift: alerts.length === 0 ? { by: 'nothing' } : { by: 'alerts', alertIds }, basis }
}

async function liftedBy(db: Db, formula: Formula, given: readonly string[]): Promise<Lifted> {
  const keywords = keywordsToLookFor(given)
  const basis = basisOf(formula, keywords)
  if (keywords.length === 0) return { keywords, lift: { by: 'nothing' }, basis }
  const rows = await db.$queryRaw<{ id: string }[]>`SELECT app.open_tickets_about(${keywords}::text[]) AS id`
  return { keywords, lift: { by: 'keywords', ticketIds: rows.map(({ id }) => id) }, basis }
}

type Entry = { key: number; ticket: Ticket }
type Reading = { place: InboxPlace | null; now: Date; limit: number }

async function read(db: Db, scope: Scope, formula: Formula, reading: Reading): Promise<{ rows: Entry[]; at: string }> {
  const { place, now, limit } = reading
  if (scope.views.length === 0) return { rows: [], at: '' }
  if (formula.ageCurve === 'LINEAR_DAYS') return { rows: await readMerged(db, scope, place, limit), at: '' }
  const at = place?.at ? new Date(place.at) : now
  const rows = await query(db, sortedSql(scope, { place, at, weight: formula.weights.age, limit }))
  return { rows: rows.map(({ key = 0, ...ticket }) => ({ key, ticket })), at: at.toISOString() }
}

/** The lifted first: what stands below a whole page of them need not be read, and the rest has fewer of them to pass over. */
async function readMerged(db: Db, scope: Scope, place: InboxPlace | null, limit: number): Promise<Entry[]> {
  const { lift, boost } = scope
  const lifted = lift.by === 'nothing' ? [] : await query(db, liftedPageSql(scope, place, limit))
  const best = bestOf(
    lifted.map((ticket) => ({ key: ticket.rank + boost, ticket })),
    limit,
  )
  const least = best.length < limit ? null : (best.at(-1)?.key ?? null)
  const rest = await query(db, restSql(scope, place, least, limit))
  return bestOf([...best, ...rest.map((ticket) => ({ key: ticket.rank, ticket }))], limit)
}

/** In order, each ticket once: one may have been lifted just now. */
function bestOf(entries: readonly Entry[], limit: number): Entry[] {
  const sorted = entries.toSorted((a, b) => b.key - a.key || (a.ticket.id < b.ticket.id ? -1 : 1))
  const once = new Map<string, Entry>()
  for (const entry of sorted) if (!once.has(entry.ticket.id)) once.set(entry.ticket.id, entry)
  return [...once.values()].slice(0, limit)
}

const query = (db: Db, statement: Prisma.Sql): Promise<InboxRow[]> => db.$queryRaw<InboxRow[]>(statement)

async function countOf(db: Db, scope: Scope, lifted: boolean): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>(sizeSql(scope, lifted, countLimit))
  return row?.count ?? 0
}
