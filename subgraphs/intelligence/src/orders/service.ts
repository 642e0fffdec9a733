import { encodeCursor } from '@quimbi/service/cursors.ts'
import { connection, pageSize, type PageRequest } from '@quimbi/service/pagination.ts'
import { groupBy, isUuid } from '@quimbi/service/loaders.ts'
import { placeInTime } from '@quimbi/service/places.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Order } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import type { Loaders } from '../loaders.ts'

/** The newest orders of each customer, one statement for all of them. */
export async function newestOrders(
  db: Db,
  tenantId: string,
  customerIds: readonly string[],
  limit: number,
): Promise<Order[][]> {
  const rows = await db.$queryRaw<Order[]>`
    SELECT o.tenant_id AS "tenantId", o.id, o.customer_id AS "customerId", o.source, o.external_id AS "externalId",
      o.placed_at AS "placedAt", o.status, o.currency_code AS "currencyCode", o.total, o.discount, o.refunded,
      o.fingerprint, o.created_at AS "createdAt", o.updated_at AS "updatedAt"
    FROM unnest(${customerIds.filter(isUuid)}::uuid[]) AS wanted (customer_id) CROSS JOIN LATERAL (
      SELECT * FROM customer_order WHERE tenant_id = ${tenantId}::uuid AND customer_id = wanted.customer_id
      ORDER BY placed_at DESC, id LIMIT ${limit}
    ) AS o`
  return groupBy(customerIds, rows, ({ customerId }) => customerId)
}

type Of = { db: Db; loaders: Loaders; viewer: Viewer; customerId: string }

/** A customer's orders, newest first. */
export async function listOrders({ db, loaders, viewer, customerId }: Of, page: PageRequest) {
  const size = pageSize(page.first, { default: 10 })
  const cursorOf = (order: Order) => encodeCursor([order.placedAt.toISOString(), order.id])
  const place = placeInTime(page.after)
  if (!place || !isUuid(customerId)) {
    return connection(await loaders.newestOrders(size + 1).load(customerId), size, cursorOf)
  }
  const [before, id] = place
  const rows = await db.order.findMany({
    where: {
      tenantId: viewer.tenantId,
      customerId,
      AND: [{ placedAt: { lte: before } }, { OR: [{ placedAt: { lt: before } }, { id: { gt: id } }] }],
    },
    orderBy: [{ placedAt: 'desc' }, { id: 'asc' }],
    take: size + 1,
  })
  return connection(rows, size, cursorOf, page)
}
