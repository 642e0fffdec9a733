import type { FileStore } from '../attachments/store.ts'
import type { Db } from '../database.ts'
import type { SupportSettings } from '../settings.ts'
import type { Channel, Outbound } from './adapter.ts'
import { mailDomain, messageIdOf } from './addresses.ts'

export type Loaded = {
  channel: Channel
  /** Demo tickets, and demo worlds as a whole, reach nobody. */
  isDemo: boolean
  /** Of a demo ticket whose business has switched the demo mode off: it is not even played that it goes out. */
  isDemoOver: boolean
  /** Null where nobody's address is known. */
  outbound: Outbound | null
}

/** Ids of what was said before that a message carries with it. */
const threadLength = 20

type Row = {
  recipient: string | null
  content: string
  contentHtml: string | null
  isAutomatic: boolean
  inReplyToId: string | null
  channel: Channel
  ticketNumber: number
  subject: string
  isDemo: boolean
  isDemoOver: boolean
  recipientName: string | null
  brand: string
  signature: string | null
  files: { fileName: string; contentType: string; sha256: string }[] | null
  before: SaidBefore[] | null
}

/** What was said before on the ticket, the last first. */
type SaidBefore = { id: string; fromAgent: boolean; externalId: string | null }

/** A message as it goes out; null if it is gone. */
export async function loadOutbound(
  db: Db,
  { tenantId, id }: { tenantId: string; id: string },
  { settings, files }: { settings: SupportSettings; files: Pick<FileStore, 'open'> },
): Promise<Loaded | null> {
  const [row] = await db.$queryRaw<Row[]>`
    SELECT m.recipient, m.content, m.content_html AS "contentHtml", m.is_automatic AS "isAutomatic",
      m.in_reply_to_id AS "inReplyToId", coalesce(m.channel, t.channel) AS channel,
      t.number AS "ticketNumber", t.subject, t.is_demo OR tenant.is_demo AS "isDemo",
      t.is_demo AND NOT tenant.is_demo AND NOT tenant.demo_mode AS "isDemoOver", c.name AS "recipientName",
      coalesce(tenant.brand, tenant.name) AS brand, tenant.signature, (
        SELECT jsonb_agg(jsonb_build_object('fileName', a.file_name, 'contentType', a.content_type, 'sha256', a.sha256) ORDER BY a.id)
        FROM message_attachment x JOIN attachment a ON a.tenant_id = x.tenant_id AND a.id = x.attachment_id
        WHERE x.tenant_id = m.tenant_id AND x.message_id = m.id
      ) AS files, (
        SELECT jsonb_agg(jsonb_build_object('id', b.id, 'fromAgent', b.from_agent, 'externalId', b.external_id) ORDER BY b.created_at DESC, b.id DESC)
        FROM (
          SELECT id, from_agent, external_id, created_at FROM message
          WHERE tenant_id = m.tenant_id AND ticket_id = m.ticket_id AND id <> m.id AND created_at <= m.created_at
          ORDER BY created_at DESC, id DESC LIMIT ${threadLength}
        ) AS b
      ) AS before
    FROM message m JOIN ticket t ON t.tenant_id = m.tenant_id AND t.id = m.ticket_id
      JOIN customer c ON c.tenant_id = t.tenant_id AND c.id = t.customer_id JOIN tenant ON tenant.id = m.tenant_id
    WHERE m.tenant_id = ${tenantId}::uuid AND m.id = ${id}::uuid`
  if (!row) return null
  const { channel, isDemo, isDemoOver, recipient, inReplyToId, files: attached, before, ...message } = row
  if (recipient === null || recipient === '') return { channel, isDemo, isDemoOver, outbound: null }
  const outbound: Outbound = {
    ...{ ...message, tenantId, id, recipient },
    thread: threadOf(before ?? [], inReplyToId, mailDomain(settings)),
    files: (attached ?? []).map(({ fileName, contentType, sha256 }) => ({
      fileName,
      contentType,
      open: () => files.open({ tenantId, sha256 }),
    })),
  }
  return { channel, isDemo, isDemoOver, outbound }
}

// What it answers comes last: where that is not said, the last thing that the customer said.
function threadOf(before: readonly SaidBefore[], inReplyToId: string | null, domain: string): string[] {
  const idOf = ({ id, fromAgent, externalId }: SaidBefore) =>
    externalId?.startsWith('<') ? externalId : fromAgent ? messageIdOf(id, domain) : null
  const ids = before.toReversed().flatMap((one) => idOf(one) ?? [])
  const answered = before.find((one) => (inReplyToId === null ? !one.fromAgent : one.id === inReplyToId))
  const last = answered && idOf(answered)
  return last ? [...ids.filter((one) => one !== last), last] : ids
}
