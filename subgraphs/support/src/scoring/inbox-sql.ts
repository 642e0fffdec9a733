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

/** The tickets of an inbox, before order and page. */
export type Scope = { tenantId: string; views: View[]; conditions: Prisma.Sql; lift: Lift; boost: number }

/** The streams that a viewer's inbox is merged of; together every ticket that may be seen and passes the filter, each once. */
export function viewsOf(viewer: Viewer, { assigneeId, unassigned }: TicketFilter): View[] {
  if (viewer.kind === 'partner' || (assigneeId && unassigned === true)) return []
  const own = confinedTo(viewer)
  if (assigneeId) return own === null || own === assigneeId ? [{ of: 'agent', id: assigneeId }] : []
  if (unassigned === true) return [{ of: 'nobody' }]
  if (own === null) return [{ of: 'everybody' }]
  return unassigned === false ? [{ of: 'agent', id: own }] : [{ of: 'nobody' }, { of: 'agent', id: own }]
}

export const filterSql = (filter: TicketFilter): Prisma.Sql => {
  const parts = conditionsOf(filter).map(conditionSql)
  return parts.length === 0 ? sql`TRUE` : join(parts, ' AND ')
}

const columns = Prisma.raw(selectTicket)

function viewSql(view: View): Prisma.Sql {
  if (view.of === 'everybody') return sql`TRUE`
  return view.of === 'nobody' ? sql`t.assignee_id IS NULL` : sql`t.assignee_id = ${view.id}::uuid`
}

// The planner does not see that IS NULL leaves one value only: named first in the order, the index on the assignee gives it.
const orderSql = ({ of }: View): Prisma.Sql =>
  of === 'nobody' ? sql`t.assignee_id, t.rank DESC, t.id` : sql`t.rank DESC, t.id`

/** What is open, in the view, and passes the filter. */
const within = ({ tenantId, conditions }: Scope, view: View): Prisma.Sql =>
  sql`t.tenant_id = ${tenantId}::uuid AND t.status = 'OPEN' AND ${viewSql(view)} AND ${conditions}`

/**
 * Whether a ticket is lifted. Fenced by OFFSET: looked up row by row in the order's own pace, never gathered first. And by the ticket's index
 * (array_position can use no other): most tickets have no match, and one look ends it, where the key would be searched for each alert.
 */
function liftedSql({ tenantId, lift }: Scope): Prisma.Sql {
  if (lift.by === 'nothing') return sql`FALSE`
  if (lift.by === 'keywords') return sql`t.id = ANY (${lift.ticketIds}::uuid[])`
  return sql`EXISTS (SELECT 1 FROM topic_alert_match m WHERE m.tenant_id = ${tenantId}::uuid AND m.ticket_id = t.id
    AND array_position(${lift.alertIds}::uuid[], m.alert_id) IS NOT NULL OFFSET 0)`
}

/** After the place, of rows that stand `boost` above their rank. The first comparison is the index's: a little too wide, never too narrow. */
function afterSql(place: InboxPlace | null, boost: number, rank: Prisma.Sql, id: Prisma.Sql): Prisma.Sql {
  if (!place) return sql`TRUE`
  const { key } = place
  const from = boost === 0 ? key : key - boost + Math.abs(key) * 1e-12 + 1e-9
  const ownKey = boost === 0 ? rank : sql`(${rank} + ${boost}::float8)`
  return sql`${rank} <= ${from}::float8 AND (${ownKey} < ${key}::float8 OR (${ownKey} = ${key}::float8 AND ${id} > ${place.id}::uuid))`
}

const rankOfTicket = sql`t.rank`
const idOfTicket = sql`t.id`

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
  const unlifted = scope.lift.by === 'nothing' ? sql`TRUE` : sql`NOT ${liftedSql(scope)}`
  return together(
    scope.views.map(
      (view) => sql`SELECT ${columns} FROM ticket t
        WHERE ${within(scope, view)} AND ${afterSql(place, 0, rankOfTicket, idOfTicket)} AND ${downTo(least, 0, rankOfTicket)} AND ${unlifted}
        ORDER BY ${orderSql(view)} LIMIT ${limit}`,
    ),
  )
}

/** Down to this key, of rows that stand `boost` above their rank; a little too wide, never too narrow. */
const downTo = (least: number | null, boost: number, rank: Prisma.Sql): Prisma.Sql =>
  least === null ? sql`TRUE` : sql`${rank} >= ${least - boost - Math.abs(least) * 1e-12 - 1e-9}::float8`

/**
 * A view's tickets that alerts lift, from the place on, down to the key `least`: in the order of the match table, which has the rank; each
 * ticket is then looked up (fenced by OFFSET: a join would rather gather and sort where matches are many). An agent's own tickets are few:
 * there each is asked whether it matches, in the index alone, before any is read.
 */
export function liftedSqlOf(
  view: View,
  scope: Scope,
  { place, least, limit }: { place: InboxPlace | null; least: number | null; limit: number },
): Prisma.Sql {
  const { tenantId, lift, boost } = scope
  if (lift.by !== 'alerts' || view.of === 'agent')
    return sql`SELECT ticket.* FROM (
      SELECT t.id FROM ticket t
      WHERE ${within(scope, view)} AND ${afterSql(place, boost, rankOfTicket, idOfTicket)}
        AND ${downTo(least, boost, rankOfTicket)} AND ${liftedSql(scope)}
      ORDER BY ${orderSql(view)} LIMIT ${limit}) AS page
      CROSS JOIN LATERAL (SELECT ${columns} FROM ticket t WHERE t.tenant_id = ${tenantId}::uuid AND t.id = page.id OFFSET 0) AS ticket`
  return sql`SELECT found.* FROM unnest(${lift.alertIds}::uuid[]) AS alert (id) CROSS JOIN LATERAL (
    SELECT ticket.* FROM topic_alert_match m
      CROSS JOIN LATERAL (SELECT ${columns} FROM ticket t WHERE t.id = m.ticket_id AND ${within(scope, view)} OFFSET 0) AS ticket
    WHERE m.tenant_id = ${tenantId}::uuid AND m.alert_id = alert.id AND ${afterSql(place, boost, sql`m.rank`, sql`m.ticket_id`)}
      AND ${downTo(least, boost, sql`m.rank`)}
    ORDER BY m.rank DESC, m.ticket_id LIMIT ${limit}) AS found`
}

const millisecondsPerHour = 3_600_000

/** INVERSE_HOURS: no index has this order, so all that is open is scored and sorted for each page. */
export function sortedSql(
  scope: Scope,
  { place, at, weight, limit }: { place: InboxPlace | null; at: Date; weight: number; limit: number },
): Prisma.Sql {
  const hours = sql`(extract(epoch FROM ${at}::timestamptz - t.created_at) * 1000)::float8 / ${millisecondsPerHour}::float8`
  const key = sql`t.rank + 1 / greatest(1::float8, ${hours}) * ${weight}::float8
    + CASE WHEN ${liftedSql(scope)} THEN ${scope.boost}::float8 ELSE 0 END`
  const any = join(scope.views.map(viewSql), ' OR ')
  return sql`SELECT * FROM (
      SELECT ${columns}, ${key} AS key FROM ticket t
      WHERE ${within(scope, { of: 'everybody' })} AND (${any})) AS scored
    WHERE ${place ? sql`key < ${place.key}::float8 OR (key = ${place.key}::float8 AND id > ${place.id}::uuid)` : sql`TRUE`}
    ORDER BY key DESC, id LIMIT ${limit}`
}

/** How many tickets there are, no further than the limit; `lifted`: of those that alerts lift. */
export function sizeSql(scope: Scope, lifted: boolean, limit: number): Prisma.Sql {
  const { tenantId, lift } = scope
  const streams = scope.views.map((view) =>
    lifted && lift.by === 'alerts' && view.of !== 'agent'
      ? sql`SELECT DISTINCT t.id FROM topic_alert_match m JOIN ticket t ON t.tenant_id = m.tenant_id AND t.id = m.ticket_id
          WHERE m.tenant_id = ${tenantId}::uuid AND m.alert_id = ANY (${lift.alertIds}::uuid[]) AND ${within(scope, view)} LIMIT ${limit}`
      : sql`SELECT t.id FROM ticket t WHERE ${within(scope, view)} AND ${lifted ? liftedSql(scope) : sql`TRUE`} LIMIT ${limit}`,
  )
  return sql`SELECT least(count(*), ${limit})::int AS count FROM (${together(streams)}) AS counted`
}

/** A row of these statements: a ticket, where it was sorted also its key. */
export type InboxRow = Ticket & { key?: number }
