import { RetryTransaction } from '@quimbi/database/outcomes.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import { isStorable } from '@quimbi/service/places.ts'
import { Prisma, type Customer } from '../../generated/prisma/client.ts'
import { selectColumns } from '../common/select-columns.ts'
import type { Db } from '../database.ts'

/** The tenant's customer by an id, also by one that a merge ended; null for anything else. */
export async function findCustomer(db: Db, tenantId: string, id: string): Promise<Customer | null> {
  return (await findCustomers(db, tenantId, [id])).get(id) ?? null
}

const columns = selectColumns('c', Prisma.CustomerScalarFieldEnum)

/** The same, held until the transaction ends, as it is once it is held. To be run in a transaction that is retried (`transact`). */
export async function holdRecord(tx: Db, tenantId: string, id: string): Promise<Customer | null> {
  const known = await findCustomer(tx, tenantId, id)
  if (!known) return null
  const [held] = await tx.$queryRaw<Customer[]>`
    SELECT ${columns} FROM customer c WHERE c.tenant_id = ${tenantId}::uuid AND c.id = ${known.id}::uuid FOR NO KEY UPDATE`
  if (!held) throw new RetryTransaction('The customer became another’s record.')
  return held
}

/** The same for many, by the id that was asked for. */
export async function findCustomers(db: Db, tenantId: string, ids: readonly string[]): Promise<Map<string, Customer>> {
  // The ids by a sub-select: one plan for lists of every length, kept from the first on.
  const rows = await db.$queryRaw<Customer[]>`
    SELECT ${columns} FROM customer c
    WHERE c.tenant_id = ${tenantId}::uuid AND c.id = ANY ((SELECT ${ids.filter(isUuid)}::uuid[])::uuid[])`
  const found = new Map(rows.map((row) => [row.id, row]))
  const missing = ids.filter((id) => isUuid(id) && !found.has(id))
  if (missing.length === 0) return found
  const where = { tenantId, id: { in: missing } }
  const aliases = await db.customerAlias.findMany({ where, include: { customer: true } })
  for (const { id, customer } of aliases) found.set(id, customer)
  return found
}

/** More customers than this are not looked through: who is meant has to be said more closely. */
const most = 1_000

/**
 * Ids of the customers by words of their name, the beginning of their e-mail address or phone number, or, where that means nobody, a name
 * that looks alike.
 */
export async function customerIdsMatching(db: Db, query: string): Promise<string[]> {
  const text = query.trim()
  if (!isStorable(text)) return []
  const rows = await db.$queryRaw<{ id: string }[]>`SELECT id FROM app.customers_meant(${text}, ${most}::int)`
  return rows.map(({ id }) => id)
}
