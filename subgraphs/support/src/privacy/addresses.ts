import type { Customer } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'

/** What the person writes from, as far as it is theirs alone. */
export async function addressesOf(tx: Db, { tenantId, id, email, phone }: Customer): Promise<string[]> {
  const others = { tenantId, id: { not: id }, erasedAt: null }
  const shared = {
    email: email !== null && (await tx.customer.findFirst({ where: { ...others, email }, select: { id: true } })),
    phone: phone !== null && (await tx.customer.findFirst({ where: { ...others, phone }, select: { id: true } })),
  }
  return [shared.email ? null : email, shared.phone ? null : phone]
    .filter((address) => address !== null)
    .map((address) => address.toLowerCase())
}
