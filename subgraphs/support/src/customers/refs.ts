import type { Db } from '../database.ts'

/** A customer's id in another system. */
export type Ref = { source: string; externalId: string }

export const refKey = ({ source, externalId }: Ref): string => JSON.stringify([source, externalId])

/** Who is known under these references: customer id and whether the name is known, by `refKey`. */
export async function ownersOf(tx: Db, tenantId: string, refs: readonly Ref[]) {
  if (refs.length === 0) return new Map<string, { customerId: string; named: boolean }>()
  const rows = await tx.$queryRaw<(Ref & { customerId: string; named: boolean })[]>`
    SELECT r.source, r.external_id AS "externalId", r.customer_id AS "customerId", c.name IS NOT NULL AS named
    FROM unnest(${refs.map((ref) => ref.source)}::text[], ${refs.map((ref) => ref.externalId)}::text[]) AS wanted (source, external_id)
    JOIN customer_ref r ON r.tenant_id = ${tenantId}::uuid AND r.source = wanted.source AND r.external_id = wanted.external_id
    JOIN customer c ON c.tenant_id = r.tenant_id AND c.id = r.customer_id`
  return new Map(rows.map((row) => [refKey(row), { customerId: row.customerId, named: row.named }]))
}

/** Adds references; one that another customer has already stays with it. Returns those that were added. */
export async function addRefs(tx: Db, tenantId: string, refs: readonly (Ref & { customerId: string })[]) {
  if (refs.length === 0) return []
  // In one order everywhere, so that two transactions with the same references wait for each other and do not deadlock.
  const sorted = refs.toSorted((a, b) => (refKey(a) < refKey(b) ? -1 : 1))
  return tx.$queryRaw<(Ref & { customerId: string })[]>`
    INSERT INTO customer_ref (tenant_id, source, external_id, customer_id)
    SELECT ${tenantId}::uuid, source, external_id, customer_id
    FROM unnest(${sorted.map((ref) => ref.source)}::text[], ${sorted.map((ref) => ref.externalId)}::text[],
                ${sorted.map((ref) => ref.customerId)}::uuid[]) AS added (source, external_id, customer_id)
    ON CONFLICT DO NOTHING
    RETURNING source, external_id AS "externalId", customer_id AS "customerId"`
}

/** Moves all that hangs on placeholders to the customer that they turned out to be. */
export async function absorb(
  tx: Db,
  tenantId: string,
  placeholderIds: readonly string[],
  customerId: string,
): Promise<void> {
  if (placeholderIds.length === 0) return
  // Waits for transactions that hang something on a placeholder just now, and holds off new ones.
  await tx.$queryRaw`SELECT 1 FROM customer WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${[...placeholderIds]}::uuid[]) FOR UPDATE`
  const where = { tenantId, customerId: { in: [...placeholderIds] } }
  await tx.customerRef.updateMany({ where, data: { customerId } })
  await tx.customerAlias.updateMany({ where, data: { customerId } })
  await tx.dataExport.updateMany({ where, data: { customerId } })
  await tx.ticket.updateMany({ where, data: { customerId } })
  await tx.$executeRaw`
    UPDATE customer SET last_contact_at = greatest(last_contact_at, (
      SELECT max(last_contact_at) FROM customer WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${[...placeholderIds]}::uuid[])))
    WHERE tenant_id = ${tenantId}::uuid AND id = ${customerId}::uuid`
  await tx.customer.deleteMany({ where: { tenantId, id: { in: [...placeholderIds] } } })
}

/** Which of these customers were erased: no reference leads to them again. */
export async function erasedAmong(tx: Db, tenantId: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const where = { tenantId, id: { in: [...ids] }, erasedAt: { not: null } }
  const rows = ids.length === 0 ? [] : await tx.customer.findMany({ where, select: { id: true } })
  return new Set(rows.map(({ id }) => id))
}
