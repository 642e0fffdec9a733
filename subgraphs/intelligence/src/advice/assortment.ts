import type { Db } from '../database.ts'
import type { CustomerHistory } from '../features/history.ts'
import type { ContentModel } from '../insight/content.ts'
import { createRecommender, type Recommender } from '../insight/recommend.ts'
import { createContentTrainer } from '../insight/train-content.ts'
import { learnContent } from './content-thread.ts'
import { createMemory } from './remember.ts'

/** What a tenant sells, and what is bought together. */
export type Assortment = { recommend: Recommender; titles: ReadonlyMap<string, string>; customers: number }

const hourMs = 3_600_000
/** Of more customers, so many are read, picked at random. */
const mostCustomers = 20_000
/** Of so few the orders are read anew each time, here: they take less than a thread takes to start. */
const fewCustomers = 50
const pageSize = 150

const recall = createMemory<Assortment>({ max: 50, ttlMs: hourMs, isKept: ({ customers }) => customers > fewCustomers })

/** Counted from the tenant's orders at most once an hour, on a thread beside this one: requests go on meanwhile. */
export const assortmentOf = (db: Db, tenantId: string, now: Date): Promise<Assortment> =>
  recall(tenantId, now, () => learn(db, tenantId, now))

async function learn(db: Db, tenantId: string, now: Date): Promise<Assortment> {
  const titles = new Map<string, string>()
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM customer WHERE tenant_id = ${tenantId}::uuid`
  const customers = row?.count ?? 0
  async function* pages() {
    for await (const page of readPages(db, { tenantId, now, customers })) {
      for (const [sku, title] of page.titles) titles.set(sku, title)
      yield page.histories
    }
  }
  const asOf = now.getTime()
  const model =
    customers > fewCustomers ? await inTurn(() => learnContent(pages(), asOf)) : await learnHere(pages(), asOf)
  return { recommend: createRecommender(model), titles, customers }
}

async function learnHere(pages: AsyncIterable<CustomerHistory[]>, asOf: number): Promise<ContentModel> {
  const trainer = createContentTrainer({ asOf })
  for await (const histories of pages) for (const history of histories) trainer.add(history)
  return trainer.finish()
}

let last: Promise<unknown> = Promise.resolve()

/** One thread at a time, however many tenants ask. */
function inTurn<T>(run: () => Promise<T>): Promise<T> {
  const next = last.then(run)
  last = next.catch(() => undefined)
  return next
}

// By a hash of the id, so that the share is the same of old and new customers.
export const customersQuery = `
  SELECT id FROM customer WHERE tenant_id = $1::uuid AND id > $2::uuid AND (hashtextextended(id::text, 0) & 1023) < $3::int
  ORDER BY id LIMIT ${pageSize}`

// By index for each customer; what none could hold is cut off.
export const purchasesQuery = `
  SELECT o.customer_id AS "customerId", (extract(epoch FROM o.placed_at) * 1000)::float8 AS at, i.skus, i.titles
  FROM unnest($2::uuid[]) AS wanted (id)
  CROSS JOIN LATERAL (
    SELECT id, customer_id, placed_at FROM customer_order WHERE tenant_id = $1::uuid AND customer_id = wanted.id AND status <> 'CANCELLED'
      AND NOT (status = 'RETURNED' AND total = 0) AND placed_at < $3::timestamptz
    ORDER BY placed_at DESC, id LIMIT 100
  ) AS o
  CROSS JOIN LATERAL (
    SELECT array_agg(sku ORDER BY line) AS skus, array_agg(title ORDER BY line) AS titles FROM (
      SELECT sku, title, line FROM order_item WHERE tenant_id = $1::uuid AND order_id = o.id ORDER BY line LIMIT 100
    ) AS lines
  ) AS i
  WHERE i.skus IS NOT NULL ORDER BY o.placed_at`

type Shop = { tenantId: string; now: Date; customers: number }
type Page = { histories: CustomerHistory[]; titles: [string, string][] }
type Purchase = { customerId: string; at: number; skus: string[]; titles: string[] }

async function* readPages(db: Db, { tenantId, now, customers }: Shop): AsyncGenerator<Page> {
  const share = Math.ceil((1024 * mostCustomers) / Math.max(mostCustomers, customers))
  let last = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const found = await db.$queryRawUnsafe<{ id: string }[]>(customersQuery, tenantId, last, share)
    const end = found.at(-1)
    if (!end) return
    const ids = found.map(({ id }) => id)
    const purchases = await db.$queryRawUnsafe<Purchase[]>(purchasesQuery, tenantId, ids, now)
    yield {
      histories: historiesIn(purchases),
      titles: purchases.flatMap(({ skus, titles }) =>
        skus.map((sku, line): [string, string] => [sku, titles[line] ?? '']),
      ),
    }
    last = end.id
  }
}

const bare = { amount: 1, refunded: 0, items: 1, lines: 1, discount: 0, discountedLines: 0, isReturn: false }

/** Purchases alone: what is bought together depends on nothing else. */
const historiesIn = (purchases: readonly Purchase[]): CustomerHistory[] =>
  Array.from(
    Map.groupBy(purchases, ({ customerId }) => customerId),
    ([customerId, own]) => ({
      ...{ customerId, country: null, interactions: [], events: [] },
      orders: own.map(({ at, skus }) => ({ ...bare, at, skus, categories: [] })),
    }),
  )
