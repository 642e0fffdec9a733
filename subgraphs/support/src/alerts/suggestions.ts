import type { Viewer } from '@quimbi/service/viewer.ts'
import { needToRead } from '../agents/permissions.ts'
import type { Db } from '../database.ts'
import { surges, termsOf, type Said } from './surges.ts'

export type Suggestion = { keyword: string; matching: number; baseline: number; explanation: string }

const hours = 6
const days = 14
/** The cost is bounded whatever the traffic: the newest of the last hours, and as many in all of the days before. */
const mostRecent = 5_000
const mostOfADay = Math.floor(mostRecent / days)

type Row = Said & { authorName: string; isRecent: boolean }

/** Topics that rise in the last six hours, against the same hours of the fourteen days before; what an alert in force looks for is left out. */
export async function suggestTopicAlerts(
  db: Db,
  viewer: Viewer,
  keywordsInForce: () => Promise<readonly string[]>,
  now: Date,
): Promise<Suggestion[]> {
  needToRead(viewer, 'ticket:read_own')
  const said = await lastWords(db, viewer.tenantId, now)
  const [recent, earlier] = [said.filter(({ isRecent }) => isRecent), said.filter(({ isRecent }) => !isRecent)]
  // Nobody's name becomes a topic.
  const names = new Set(said.flatMap(({ authorName }) => [...termsOf(authorName)]))
  const known = (await keywordsInForce()).map((keyword) => keyword.toLowerCase())
  return surges(recent, earlier, names)
    .filter(({ keyword }) => !known.some((other) => keyword.includes(other)))
    .map((surge) => ({ ...surge, explanation: explanationOf(surge) }))
}

const explanationOf = ({ keyword, matching, baseline }: Omit<Suggestion, 'explanation'>): string =>
  `“${keyword}” is in ${matching} tickets of the last ${hours} hours; by the same hours of the last ${days} days, ${baseline.toFixed(1)} were to be expected.`

// Index scans from the newest of each window, cut at their limits.
const lastWords = (db: Db, tenantId: string, now: Date): Promise<Row[]> => db.$queryRaw<Row[]>`
  SELECT m.ticket_id AS "ticketId", m.content AS text, m.author_name AS "authorName", day = 0 AS "isRecent"
  FROM generate_series(0, ${days}::int) AS day CROSS JOIN LATERAL (
    SELECT ticket_id, left(content, 4000) AS content, author_name FROM message
    WHERE tenant_id = ${tenantId}::uuid AND NOT from_agent AND NOT is_automatic AND deleted_at IS NULL
      AND created_at > ${now}::timestamptz - day * interval '24 hours' - ${hours}::int * interval '1 hour'
      AND created_at <= ${now}::timestamptz - day * interval '24 hours'
    ORDER BY created_at DESC LIMIT CASE day WHEN 0 THEN ${mostRecent}::int ELSE ${mostOfADay}::int END) AS m`
