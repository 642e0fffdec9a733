import type { Db } from '../database.ts'

/** What was written for people, what became of advice about them, and what webhooks were told of them. */
const written = ['draft', 'action_outcome', 'insight_webhook_delivery'] as const

/**
 * Deletes what was written for these persons. They need not be known otherwise. Idempotent. Whoever calls holds their records: a draft that is being
 * written then waits, and is not kept (`holdRecord`).
 */
export async function forgetWritten(tx: Db, tenantId: string, customerIds: readonly string[]): Promise<void> {
  for (const table of written)
    await tx.$executeRawUnsafe(
      `DELETE FROM ${table} WHERE tenant_id = $1::uuid AND customer_id = ANY ($2::uuid[])`,
      ...[tenantId, [...customerIds]],
    )
}

/** Two turned out to be one person: what was written for the first is the other's. */
export async function moveWritten(tx: Db, tenantId: string, from: string, into: string): Promise<void> {
  for (const table of written)
    await tx.$executeRawUnsafe(
      `UPDATE ${table} SET customer_id = $3::uuid WHERE tenant_id = $1::uuid AND customer_id = $2::uuid`,
      ...[tenantId, from, into],
    )
}
