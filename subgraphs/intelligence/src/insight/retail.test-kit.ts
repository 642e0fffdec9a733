// The two real sets of orders beside the repository, as histories; Online Retail with its products.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import type { CustomerHistory, OrderFact } from '../features/history.ts'
import { history, order as orderAt } from './facts.test-kit.ts'

const fileOf = (name: string): string => fileURLToPath(new URL(`../../../../../shared/data/${name}`, import.meta.url))
const retailFile = fileOf('online_retail/or_full.csv.gz')
const cdnowFile = fileOf('cdnow/orders.csv.gz')

export const hasRealData = (): boolean => existsSync(retailFile) && existsSync(cdnowFile)

const linesOf = (file: string): string[] => gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n').slice(1)

const histories = (ordersOf: ReadonlyMap<string, OrderFact[]>): CustomerHistory[] =>
  Array.from(ordersOf, ([id, orders]) =>
    history(
      orders.sort((a, b) => a.at - b.at),
      [],
      [],
      id,
    ),
  )

type Invoice = OrderFact & { skus: string[] }

/** Invoices of customers with an id; codes that begin with no digit (postage, charges) are no products. */
export function readRetail(): CustomerHistory[] {
  const orders = new Map<string, Invoice>()
  const ordersOf = new Map<string, OrderFact[]>()
  for (const line of linesOf(retailFile)) {
    const [, invoice = '', sku = '', units, at = '', price, customer = ''] =
      /^"(\w+)","([^"]*)",.*,(-?\d+),([^,]*),(-?[\d.]+),(\d*),"[^"]*"$/.exec(line) ?? []
    if (customer === '') continue
    let order = orders.get(invoice)
    if (!order) {
      const empty = { amount: 0, items: 0, lines: 0, isReturn: invoice.startsWith('C') }
      order = { ...orderAt(Date.parse(`${at.replace(' ', 'T')}Z`), empty), skus: [] }
      orders.set(invoice, order)
      ordersOf.set(customer, [...(ordersOf.get(customer) ?? []), order])
    }
    order.amount += Math.abs(Number(units)) * Number(price)
    order.items += Math.abs(Number(units))
    order.lines += 1
    if (/^\d/.test(sku)) order.skus.push(sku)
  }
  return histories(ordersOf)
}

export function readCdnow(): CustomerHistory[] {
  const ordersOf = new Map<string, OrderFact[]>()
  for (const line of linesOf(cdnowFile)) {
    const [customer = '', , at = '', amount, items, lines] = line.split(',')
    const order = orderAt(Date.parse(at), { amount: Number(amount), items: Number(items), lines: Number(lines) })
    const own = ordersOf.get(customer)
    if (own) own.push(order)
    else ordersOf.set(customer, [order])
  }
  return histories(ordersOf)
}
