import type { Viewer } from '@quimbi/service/viewer.ts'
import { Prisma, type Ticket } from '../../generated/prisma/client.ts'
import { selectTicket } from '../tickets/columns.ts'
import { conditionsOf, type TicketFilter } from '../tickets/filter.ts'
import { confinedTo } from '../tickets/visibility.ts'
import { conditionSql } from './conditions.ts'
import type { InboxPlace } from './inbox-place.ts'

const { sql, join } = Prisma

/** Whose tickets a stream holds: everybody's, nobody's, or one agent's. An index gives each in the inbox's order. */
export type View = { of: 'everybody' } | { of: 'nobody' } | { of: 'agent'; id: string }

/** Which tickets the topic alerts in force lift: by saved alerts' match table, or those found for keywords given with the query. */
export type Lift = { by: 'nothing' } | { by: 'alerts'; alertIds: string[] } | { by: 'keywords'; ticketIds: string[] }

/** The tickets of an inbox, before order and page; `conditions` are the filter's, null where there is none. */
export type Scope = { tenantId: string; views: View[]; conditions: Prisma.Sql | null; lift: Lift; boost: number }

/** The streams that a viewer's inbox is merged of; together every ticket that may be seen and passes the filter, each once. */
export function viewsOf(viewer: Viewer, { assigneeId, unassigned }: TicketFilter): View[] {
  if (viewer.kind === 'partner' || (assigneeId && unassigned === true)) return []
  const own = confinedTo(viewer)
  if (assigneeId) return own === null || own === assigneeId ? [{ of: 'agent', id: assigneeId }] : []
  if (unassigned === true) return [{ of: 'nobody' }]
  if (own === null) return [{ of: 'everybody' }]
  return unassigned === false ? [{ of: 'agent', id: own }] : [{ of: 'nobody' }, { of: 'agent', id: own }]
}

/** A filter's conditions on the table `t`. */
export const filterSql = (filter: TicketFilter): Prisma.Sql => {
  const parts = conditionsOf(filter).map(conditionSql)
  return parts.length === 0 ? sql`TRUE` : join(parts, ' AND ')
}

const columns = Prisma.raw(selectTicket)

/** What the order is made of, in the table that it is read from. */
type Place = { assignee: Prisma.Sql; rank: Prisma.Sql; id: Prisma.Sql }
const ofTicket: Place = { assignee: sql`t.assignee_id`, rank: sql`t.rank`, id: sql`t.id` }
const ofMatch: Place = { assignee: sql`m.assignee_id`, rank: sql`m.rank`, id: sql`m.ticket_id` }

function viewSql(view: View, { assignee }: Place): Prisma.Sql {
  if (view.of === 'everybody') return sql`TRUE`
  return view.of === 'nobody' ? sql`${assignee} IS NULL` : sql`${assignee} = ${view.id}::uuid`
}

const anyViewSql = ({ views }: Scope): Prisma.Sql =>
  sql`(${join(
    views.map((view) => viewSql(view, ofTicket)),
    ' OR ',
  )})`

// The planner does not see that IS NULL leaves one value only: named first in the order, the index on the assignee gives it.
const orderSql = ({ of }: View, { assignee, rank, id }: Place): Prisma.Sql =>
  of === 'nobody' ? sql`${assignee}, ${rank} DESC, ${id}` : sql`${rank} DESC, ${id}`

/** What is open, in the view, and passes the filter. */
const within = ({ tenantId, conditions }: Scope, view: Prisma.Sql): Prisma.Sql =>
  sql`t.tenant_id = ${tenantId}::uuid AND t.status = 'OPEN' AND ${view} AND ${conditions ?? sql`TRUE`}`

/**
 * Whether a ticket is lifted. Fenced by OFFSET: looked up row by row in the order's own pace, never gathered first. And by the ticket's index
 * (array_position can use no other): most tickets have no match, and one look ends it, where the key would be searched for each alert.
 */
function isLiftedSql({ tenantId, lift }: Scope): Prisma.Sql {
  if (lift.by === 'nothing') return sql`FALSE`
  if (lift.by === 'keywords') return sql`t.id = ANY (${lift.ticketIds}::uuid[])`
  return sql`EXISTS (SELECT 1 FROM topic_alert_match m WHERE m.tenant_id = ${tenantId}::uuid AND m.ticket_id = t.id
    AND array_position(${lift.alertIds}::uuid[], m.alert_id) IS NOT NULL OFFSET 0)`
}

/** After the place, of rows that stand `boost` above their rank. The first comparison is the index's: a little too wide, never too narrow. */
function afterSql(place: InboxPlace | null, boost: number, { rank, id }: Place): Prisma.Sql {
  if (!place) return sql`TRUE`
  const { key } = place
  const from = boost === 0 ? key : key - boost + Math.abs(key) * 1e-12 + 1e-9
  const ownKey = boost === 0 ? rank : sql`(${rank} + ${boost}::float8)`
  return sql`${rank} <= ${from}::float8 AND (${ownKey} < ${key}::float8 OR (${ownKey} = ${key}::float8 AND ${id} > ${place.id}::uuid))`
}

/** One page of each of the streams; each in order by itself. */
const together = (streams: readonly Prisma.Sql[]): Prisma.Sql =>
  streams.length === 1
    ? (streams[0] as Prisma.Sql)
    : sql`${join(
        streams.map((one) => sql`(${one})`),
        ' UNION ALL ',
      )}`

/** Tickets that no alert lifts, from the place on, down to the key `least`. */
export function restSql(scope: Scope, place: InboxPlace | null, least: number | null, limit: number): Prisma.Sql {
  const unlifted = scope.lift.by === 'nothing' ? sql`TRUE` : sql`NOT ${isLiftedSql(scope)}`
  const downTo = least === null ? sql`TRUE` : sql`t.rank >= ${least}::float8`
  return together(
    scope.views.map(
      (view) => sql`SELECT ${columns} FROM ticket t
        WHERE ${within(scope, viewSql(view, ofTicket))} AND ${afterSql(place, 0, ofTicket)} AND ${downTo} AND ${unlifted}
        ORDER BY ${orderSql(view, ofTicket)} LIMIT ${limit}`,
    ),
  )
}

/**
 * The best of the tickets that alerts lift, from the place on, once each. First keys alone, in order, a page of each stream; then the tickets
 * of the page: whole rows are dear, and with several alerts and views most would be read for nothing.
 */
export function liftedPageSql(scope: Scope, place: InboxPlace | null, limit: number): Prisma.Sql {
  const { lift, views } = scope
  const streams = together(
    views.map((view) => (lift.by === 'alerts' ? matchesSql : foundSql)(view, scope, place, limit)),
  )
  const keys =
    lift.by === 'alerts'
      ? sql`SELECT DISTINCT found.rank, found.id FROM unnest(${lift.alertIds}::uuid[]) AS alert (id) CROSS JOIN LATERAL (${streams}) AS found`
      : streams
  return sql`SELECT ticket.* FROM (SELECT id FROM (${keys}) AS keys ORDER BY rank DESC, id LIMIT ${limit}) AS page
    CROSS JOIN LATERAL (SELECT ${columns} FROM ticket t WHERE t.id = page.id AND ${within(scope, anyViewSql(scope))} OFFSET 0) AS ticket`
}

/**
 * An alert's matches in a view, in the order of an index of the match table, which has the rank and whose the ticket is. The ticket is asked
 * for only by a filter (fenced by OFFSET: a join would rather gather and sort where matches are many).
 */
function matchesSql(view: View, scope: Scope, place: InboxPlace | null, limit: number): Prisma.Sql {
  const passes = scope.conditions
    ? sql`EXISTS (SELECT 1 FROM ticket t WHERE t.id = m.ticket_id AND ${within(scope, viewSql(view, ofTicket))} OFFSET 0)`
    : sql`TRUE`
  return sql`SELECT m.rank, m.ticket_id AS id FROM topic_alert_match m
    WHERE m.tenant_id = ${scope.tenantId}::uuid AND m.alert_id = alert.id AND ${viewSql(view, ofMatch)}
      AND ${afterSql(place, scope.boost, ofMatch)} AND ${passes}
    ORDER BY ${orderSql(view, ofMatch)} LIMIT ${limit}`
}

/** The tickets of a view that were found for keywords given with the query. */
const foundSql = (view: View, scope: Scope, place: InboxPlace | null, limit: number): Prisma.Sql =>
  sql`SELECT t.rank, t.id FROM ticket t
    WHERE ${within(scope, viewSql(view, ofTicket))} AND ${afterSql(place, scope.boost, ofTicket)} AND ${isLiftedSql(scope)}
    ORDER BY ${orderSql(view, ofTicket)} LIMIT ${limit}`

const millisecondsPerHour = 3_600_000

/** INVERSE_HOURS: no index has this order, so all that is open is scored and sorted for each page. */
export function sortedSql(
  scope: Scope,
  { place, at, weight, limit }: { place: InboxPlace | null; at: Date; weight: number; limit: number },
): Prisma.Sql {
  const hours = sql`(extract(epoch FROM ${at}::timestamptz - t.created_at) * 1000)::float8 / ${millisecondsPerHour}::float8`
  const key = sql`t.rank + 1 / greatest(1::float8, ${hours}) * ${weight}::float8
    + CASE WHEN ${isLiftedSql(scope)} THEN ${scope.boost}::float8 ELSE 0 END`
  return sql`SELECT * FROM (
      SELECT ${columns}, ${key} AS key FROM ticket t
      WHERE ${within(scope, anyViewSql(scope))}) AS scored
    WHERE ${place ? sql`key < ${place.key}::float8 OR (key = ${place.key}::float8 AND id > ${place.id}::uuid)` : sql`TRUE`}
    ORDER BY key DESC, id LIMIT ${limit}`
}

/** How many tickets there are, no further than the limit; `lifted`: of those that alerts lift. */
export function sizeSql(scope: Scope, lifted: boolean, limit: number): Prisma.Sql {
  const { tenantId, lift, conditions } = scope
  const streams = scope.views.map((view) => {
    const inView = within(scope, viewSql(view, ofTicket))
    if (!lifted) return sql`SELECT t.id FROM ticket t WHERE ${inView} LIMIT ${limit}`
    if (lift.by !== 'alerts')
      return sql`SELECT t.id FROM ticket t WHERE ${inView} AND ${isLiftedSql(scope)} LIMIT ${limit}`
    const ticket = conditions
      ? sql`JOIN ticket t ON t.tenant_id = m.tenant_id AND t.id = m.ticket_id AND ${inView}`
      : sql``
    return sql`SELECT DISTINCT m.ticket_id FROM topic_alert_match m ${ticket}
      WHERE m.tenant_id = ${tenantId}::uuid AND m.alert_id = ANY (${lift.alertIds}::uuid[]) AND ${viewSql(view, ofMatch)} LIMIT ${limit}`
  })
  return sql`SELECT least(count(*), ${limit})::int AS count FROM (${together(streams)}) AS counted`
}

/** A row of these statements: a ticket, where it was sorted also its key. */
export type InboxRow = Ticket & { key?: number }
