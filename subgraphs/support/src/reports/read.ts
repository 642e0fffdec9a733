import type { Db } from '../database.ts'

/** What is reported on. `withDemo`: in a demo all tickets are a demo's, elsewhere those beside the real ones are left out. */
export type Range = { tenantId: string; from: Date; to: Date; timeZone: string; withDemo: boolean }

// Each statement reads one piece of one index, and groups it in all the ways that are asked for at once. `of` says which: the bits of GROUPING.
// An answer that is no later than the ticket is its opening by an agent: nobody waited for it.
const openedSql = `
  SELECT grouping(day, channel)::int AS of, day, channel, count(*)::int AS count,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS median
  FROM (
    SELECT to_char(t.created_at AT TIME ZONE $4, 'YYYY-MM-DD') AS day, t.channel,
      CASE WHEN t.first_replied_at > t.created_at THEN extract(epoch FROM t.first_replied_at - t.created_at)::float8 END AS seconds
    FROM ticket t
    WHERE t.tenant_id = $1::uuid AND t.created_at >= $2::timestamptz AND t.created_at < $3::timestamptz AND ($5::boolean OR NOT t.is_demo)
  ) AS opened GROUP BY GROUPING SETS ((), (day), (channel))`

export type Opened = { of: number; day: string | null; channel: string | null; count: number; median: number | null }

// A ticket that became part of another was not closed by anybody's work.
const closedSql = `
  SELECT grouping(day, agent_id)::int AS of, day, agent_id AS "agentId", count(*)::int AS count,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS median
  FROM (
    SELECT to_char(t.closed_at AT TIME ZONE $4, 'YYYY-MM-DD') AS day, t.assignee_id::text AS agent_id,
      extract(epoch FROM t.closed_at - t.created_at)::float8 AS seconds
    FROM ticket t
    WHERE t.tenant_id = $1::uuid AND t.closed_at >= $2::timestamptz AND t.closed_at < $3::timestamptz AND t.merged_into_id IS NULL
      AND ($5::boolean OR NOT t.is_demo)
  ) AS closed GROUP BY GROUPING SETS ((), (day), (agent_id))`

export type Closed = { of: number; day: string | null; agentId: string | null; count: number; median: number | null }

const reopenedSql = `
  SELECT count(DISTINCT e.ticket_id)::int AS count FROM event_log e
  WHERE e.tenant_id = $1::uuid AND e.type = 'STATUS_CHANGED' AND e.occurred_at >= $2::timestamptz AND e.occurred_at < $3::timestamptz
    AND e.payload -> 'changes' @> '[{"field": "status", "from": "CLOSED"}]'
    AND ($4::boolean OR e.payload -> 'view' ->> 'isDemo' IS DISTINCT FROM 'true')`

// Each clock ends in one of the two, and by what was said of it last: an answer that was taken back, or another target, ends it again. An entry
// that does not say which clock it means is one of its own.
const slaSql = `
  SELECT grouping(metric, agent_id)::int AS of, metric, agent_id AS "agentId",
    count(*) FILTER (WHERE type = 'SLA_ACHIEVED')::int AS achieved, count(*) FILTER (WHERE type = 'SLA_BREACHED')::int AS breached
  FROM (
    SELECT DISTINCT ON (e.ticket_id, e.payload -> 'data' ->> 'metric', coalesce(e.payload -> 'data' ->> 'startedAt', e.event_id::text))
      e.type, e.payload -> 'data' ->> 'metric' AS metric, e.payload -> 'view' ->> 'assigneeId' AS agent_id FROM event_log e
    WHERE e.tenant_id = $1::uuid AND e.type IN ('SLA_ACHIEVED', 'SLA_BREACHED')
      AND e.occurred_at >= $2::timestamptz AND e.occurred_at < $3::timestamptz AND e.payload IS NOT NULL
      AND ($4::boolean OR e.payload -> 'view' ->> 'isDemo' IS DISTINCT FROM 'true')
    ORDER BY e.ticket_id, e.payload -> 'data' ->> 'metric', coalesce(e.payload -> 'data' ->> 'startedAt', e.event_id::text), e.sequence DESC
  ) AS ended GROUP BY GROUPING SETS ((metric), (agent_id))`

export type Sla = { of: number; metric: string | null; agentId: string | null; achieved: number; breached: number }

const satisfactionSql = `
  SELECT grouping(s.agent_id)::int AS of, s.agent_id::text AS "agentId", count(*)::int AS answered, avg(s.score)::float8 AS average,
    count(*) FILTER (WHERE s.score >= 4)::int AS positive
  FROM satisfaction s JOIN ticket t ON t.tenant_id = s.tenant_id AND t.id = s.ticket_id
  WHERE s.tenant_id = $1::uuid AND s.answered_at >= $2::timestamptz AND s.answered_at < $3::timestamptz AND ($4::boolean OR NOT t.is_demo)
  GROUP BY GROUPING SETS ((), (s.agent_id))`

export type Answers = { of: number; agentId: string | null; answered: number; average: number | null; positive: number }

// What agents wrote themselves and did not take back. The first answer of a ticket has the instant that the ticket keeps.
const repliesSql = `
  SELECT grouping(agent_id, intent)::int AS of, agent_id AS "agentId", intent, count(*)::int AS replied,
    count(seconds)::int AS eligible, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS median
  FROM (
    SELECT m.author_agent_id::text AS agent_id, coalesce(t.intent, 'unknown') AS intent,
      CASE WHEN m.created_at = t.first_replied_at AND t.first_replied_at > t.created_at
        THEN extract(epoch FROM t.first_replied_at - t.created_at)::float8 END AS seconds
    FROM message m JOIN ticket t ON t.tenant_id = m.tenant_id AND t.id = m.ticket_id
    WHERE m.tenant_id = $1::uuid AND m.created_at >= $2::timestamptz AND m.created_at < $3::timestamptz
      AND m.from_agent AND NOT m.is_automatic AND m.author_agent_id IS NOT NULL AND m.delivery_status IS DISTINCT FROM 'RECALLED'
      AND ($4::boolean OR NOT t.is_demo)
  ) AS replies GROUP BY GROUPING SETS ((), (agent_id), (intent))`

export type Replies = {
  of: number
  agentId: string | null
  intent: string | null
  replied: number
  eligible: number
  median: number | null
}

// A draft that was only shown may name no ticket.
const draftsSql = `
  SELECT grouping(intent)::int AS of, intent, count(*)::int AS shown,
    count(*) FILTER (WHERE outcome IN ('INSERTED', 'SENT_UNCHANGED', 'SENT_EDITED'))::int AS inserted,
    count(*) FILTER (WHERE outcome = 'SENT_UNCHANGED')::int AS "sentUnchanged",
    count(*) FILTER (WHERE outcome = 'SENT_EDITED')::int AS "sentEdited",
    count(*) FILTER (WHERE outcome IN ('SENT_UNCHANGED', 'SENT_EDITED') AND closed_at >= created_at)::int AS resolved
  FROM (
    SELECT d.outcome, d.created_at, t.closed_at, coalesce(d.intent, t.intent, 'unknown') AS intent
    FROM draft_use d LEFT JOIN ticket t ON t.tenant_id = d.tenant_id AND t.id = d.ticket_id
    WHERE d.tenant_id = $1::uuid AND d.created_at >= $2::timestamptz AND d.created_at < $3::timestamptz
      AND ($4::boolean OR t.is_demo IS NOT TRUE)
  ) AS used GROUP BY GROUPING SETS ((), (intent))`

export type Drafts = {
  of: number
  intent: string | null
  shown: number
  inserted: number
  sentUnchanged: number
  sentEdited: number
  resolved: number
}

/** All that a report is made of, as it was at one instant. */
export async function readFigures(tx: Db, { tenantId, from, to, timeZone, withDemo }: Range) {
  const among = [tenantId, from, to, withDemo]
  const byDay = [tenantId, from, to, timeZone, withDemo]
  const [reopened] = await tx.$queryRawUnsafe<{ count: number }[]>(reopenedSql, ...among)
  return {
    opened: await tx.$queryRawUnsafe<Opened[]>(openedSql, ...byDay),
    closed: await tx.$queryRawUnsafe<Closed[]>(closedSql, ...byDay),
    reopened: reopened?.count ?? 0,
    sla: await tx.$queryRawUnsafe<Sla[]>(slaSql, ...among),
    answers: await tx.$queryRawUnsafe<Answers[]>(satisfactionSql, ...among),
    replies: await tx.$queryRawUnsafe<Replies[]>(repliesSql, ...among),
    drafts: await tx.$queryRawUnsafe<Drafts[]>(draftsSql, ...among),
  }
}

export type Figures = Awaited<ReturnType<typeof readFigures>>
