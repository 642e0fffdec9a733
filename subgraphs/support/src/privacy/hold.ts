import { RetryTransaction } from '@quimbi/database/outcomes.ts'
import type { Customer } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import { lockTickets } from '../tickets/change-store.ts'

export type HeldCustomer = { customer: Customer; ticketIds: string[] }

/** Locks customers with all their tickets: until the transaction ends no other is opened and nothing more is said. In the ids' order. */
export async function holdCustomers<const Ids extends readonly string[]>(
  tx: Db,
  tenantId: string,
  ids: Ids,
): Promise<{ [Place in keyof Ids]: HeldCustomer }> {
  const where = { tenantId, customerId: { in: [...ids] } }
  const tickets = await tx.ticket.findMany({ where, select: { id: true, customerId: true } })
  // All tickets first, as by everybody who changes both: the other order would deadlock.
  await lockTickets(
    tx,
    tenantId,
    tickets.map(({ id }) => id),
  )
  await tx.$queryRaw`
    SELECT 1 FROM customer WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${[...ids]}::uuid[]) ORDER BY id FOR UPDATE`
  const customers = await tx.customer.findMany({ where: { tenantId, id: { in: [...ids] } } })
  const held = ids.map((id): HeldCustomer => {
    const customer = customers.find((one) => one.id === id)
    if (!customer) throw new RetryTransaction('The customer became another’s record.')
    return { customer, ticketIds: tickets.filter(({ customerId }) => customerId === id).map((ticket) => ticket.id) }
  })
  if ((await tx.ticket.count({ where })) !== tickets.length)
    throw new RetryTransaction('The customer got another ticket, or lost one.')
  return held as { [Place in keyof Ids]: HeldCustomer }
}
