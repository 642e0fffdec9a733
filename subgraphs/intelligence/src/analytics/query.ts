import { decodeCursor, encodeCursor } from '@quimbi/service/cursors.ts'
import { codedError } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import { connection, pageSize, type Connection, type PageRequest } from '@quimbi/service/pagination.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'
import { requireScope } from '../keys/service.ts'
import { modelsOf } from '../models/registry.ts'
import { conditionsOf, type Conditions, type CustomerOrder, type CustomerQuery } from './filter.ts'

/** A page of customers; how many there are in all is counted for who asks. */
export type CustomerPage = Connection<{ id: string }> & { countAll(): Promise<number> }

/** Counting a million for one number would cost more than the page. */
export const mostCounted = 10_000

// Both know the tenant by the connection. The database plans them for their values: which index serves best depends on those.
export const findQuery = `SELECT id, key FROM app.find_customers($1::jsonb, $2, $3, $4::uuid, $5::int)`
export const countQuery = `SELECT app.count_customers($1::jsonb, $2::int) AS count`

type Row = { id: string; key: string }

/**
 * Customers with an order by what is thought of them, the highest first.
 * @throws UserErrors INVALID for a filter out of range; GraphQLError BAD_USER_INPUT for a cursor of no list or a page above 100
 */
export async function queryCustomers(
  db: Db,
  viewer: Viewer,
  { filter, ...page }: PageRequest & { filter: CustomerQuery },
  now: Date,
): Promise<CustomerPage> {
  requireScope(viewer, 'insight:read')
  const size = pageSize(page.first, { default: 50 })
  const order = filter.orderBy ?? 'REVENUE_AT_RISK'
  const place = placeIn(order, page.after)
  const { bundle } = await modelsOf(db, viewer.tenantId)
  const conditions = conditionsOf(filter, bundle.segmentation, now)
  const rows = conditions ? await find(db, conditions, { order, place, size: size + 1 }) : []
  const { nodes, edges, pageInfo } = connection(rows, size, ({ key, id }) => encodeCursor([order, key, id]), page)
  const bare = ({ id }: Row) => ({ id })
  return {
    nodes: nodes.map(bare),
    edges: edges.map(({ cursor, node }) => ({ cursor, node: bare(node) })),
    pageInfo,
    countAll: async () => (conditions ? count(db, conditions) : 0),
  }
}

type Place = readonly [key: string, id: string]
type Paging = { order: CustomerOrder; place: Place | null; size: number }

const find = (db: Db, conditions: Conditions, { order, place, size }: Paging): Promise<Row[]> =>
  db.$queryRawUnsafe<Row[]>(findQuery, JSON.stringify(conditions), order, place?.[0] ?? null, place?.[1] ?? null, size)

async function count(db: Db, conditions: Conditions): Promise<number> {
  const [row] = await db.$queryRawUnsafe<{ count: number }[]>(countQuery, JSON.stringify(conditions), mostCounted)
  return row?.count ?? 0
}

const figure = /^\d{1,20}(\.\d{1,30})?(e-\d{1,3})?$/i
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d:\d\d$/

/** Where a page goes on; the database would refuse a key that is none as an error of ours. */
function placeIn(order: CustomerOrder, after: string | null | undefined): Place | null {
  if (after === null || after === undefined) return null
  const [of, key, id] = decodeCursor(after, ['string', 'string', 'string'])
  const isKey = order === 'LAST_PURCHASE' ? instant.test(key) && !Number.isNaN(Date.parse(key)) : figure.test(key)
  if (of !== order || !isKey || !isUuid(id)) throw codedError('BAD_USER_INPUT', 'The cursor is not one of this list')
  return [key, id]
}
