import type { Db } from '../database.ts'

/** Erases what people and models wrote about tickets beside their conversation. Rows, scores and states stay: reports count them. */
export async function eraseTexts(tx: Db, tenantId: string, ticketIds: readonly string[]): Promise<void> {
  const ids = [...ticketIds]
  const where = { tenantId, ticketId: { in: ids } }
  // Not by a change: its event would say what stood there before.
  await tx.$executeRaw`
    UPDATE ticket SET subject = 'Erased', resolution = NULL, follow_up_note = NULL, order_numbers = '{}', intent = NULL,
      external_source = NULL, external_id = NULL,
      escalation = CASE WHEN escalation IS NULL THEN NULL ELSE escalation || '{"reason": "Erased"}' END
    WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${ids}::uuid[])`
  await tx.$executeRaw`
    UPDATE decision SET evidence = '{}', explanation = 'Erased',
      from_value = CASE WHEN field IN ('ESCALATION', 'FOLLOW_UP', 'MERGE') THEN NULL ELSE from_value END,
      to_value = CASE WHEN field IN ('ESCALATION', 'FOLLOW_UP', 'MERGE') THEN 'Erased' ELSE to_value END
    WHERE tenant_id = ${tenantId}::uuid AND ticket_id = ANY (${ids}::uuid[])`
  await tx.note.updateMany({ where, data: { content: '' } })
  await tx.actionItem.updateMany({ where, data: { action: 'Erased', outcome: null } })
  await tx.satisfaction.updateMany({ where, data: { comment: null } })
  await tx.notification.updateMany({ where, data: { text: 'Erased' } })
  await tx.topicAlertMatch.deleteMany({ where })
}

// By the events' ids, which stay in the log. What still waited goes nowhere.
/** Erases what was sent to webhooks of tickets. Before the log forgets nothing but its payloads, or after. */
export async function eraseDeliveries(tx: Db, tenantId: string, ticketIds: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE webhook_delivery SET body = '{}', last_error = NULL, next_attempt_at = NULL
    WHERE tenant_id = ${tenantId}::uuid AND event_id IN (
      SELECT event_id FROM event_log WHERE tenant_id = ${tenantId}::uuid AND ticket_id = ANY (${[...ticketIds]}::uuid[])
      UNION ALL SELECT event_id FROM outbox WHERE tenant_id = ${tenantId}::uuid AND ticket_id = ANY (${[...ticketIds]}::uuid[]))`
}
