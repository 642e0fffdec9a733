import type { Order } from '../../../generated/prisma/client.ts'
import type { Asking } from '../../advice/subject.ts'
import { namedAmong, numbersIn } from './named.ts'
import { lookedThrough, ordersOf } from './orders.ts'
import type { ToldConversation } from './told.ts'

const mostNumbers = 50
const mostFound = 20

// The index of a customer's orders bounds what is read; their numbers are compared bare, as people write them, which no index could decide.
export const olderQuery = `
  SELECT id FROM customer_order
  WHERE tenant_id = $1::uuid AND customer_id = $2::uuid AND placed_at <= $3::timestamptz
    AND EXISTS (SELECT FROM unnest($4::text[]) AS said (number)
      WHERE position(said.number IN upper(regexp_replace(external_id, '[^[:alnum:]]', '', 'g'))) > 0)
  ORDER BY placed_at DESC, id LIMIT ${mostFound}`

/** A customer's newest orders; with those that the conversation names, however old, where none of the newest is named. */
export async function ordersFor(
  asking: Pick<Asking, 'db' | 'viewer' | 'loaders'>,
  customerId: string,
  { subject, turns }: Pick<ToldConversation, 'subject' | 'turns'>,
): Promise<Order[]> {
  const newest = await ordersOf(asking.loaders, customerId)
  if (newest.length < lookedThrough) return newest
  const numbers = numbersIn([subject, ...turns.map(({ content }) => content)].join('\n'))
  if (numbers.size === 0 || namedAmong(newest, numbers).length > 0) return newest
  const { db, viewer, loaders } = asking
  const rows = await db.$queryRawUnsafe<{ id: string }[]>(
    olderQuery,
    ...[viewer.tenantId, customerId, newest.at(-1)!.placedAt, [...numbers].slice(-mostNumbers)],
  )
  const known = new Set(newest.map(({ id }) => id))
  const found = await Promise.all(rows.filter(({ id }) => !known.has(id)).map(({ id }) => loaders.orderById.load(id)))
  return [...newest, ...found.filter((order) => order !== null)]
}
