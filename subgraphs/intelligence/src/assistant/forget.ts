import type { Db } from '../database.ts'

/** What was written for people, and what became of advice about them. */
const written = ['draft', 'action_outcome'] as const

/** Deletes what was written for these persons. They need not be known otherwise. Idempotent. */
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
