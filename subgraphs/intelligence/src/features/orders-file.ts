import { codedError } from '@quimbi/service/errors.ts'
import { ascending, largest } from './facts.ts'
import type { CustomerHistory, OrderFact } from './history.ts'
import { cellsOf, textLines } from './text-lines.ts'

export type LineProblem =
  'COLUMNS' | 'CUSTOMER' | 'ENCODING' | 'INSTANT' | 'AMOUNT' | 'ITEMS' | 'LINES' | 'IS_RETURN' | 'TOO_LONG'

/** A line that was left out; the header is line 1. */
export type RejectedLine = { line: number; code: LineProblem; message: string }

export type OrdersFileOptions = {
  /** Told of every line that is left out. Without it the first one is an error: no line is lost in silence. */
  onRejected?: (line: RejectedLine) => void
  /** More rows than this are an error; ten million, about 2 GiB, by default. */
  maxRows?: number
  /** Hears what share of the file is read, 0…1. */
  onProgress?: (share: number) => void
}

const columns = ['customer_id', 'order_id', 'ts', 'amount', 'items', 'lines', 'is_return', 'country'] as const
type Column = (typeof columns)[number]
const isRequired = (column: Column) => column !== 'country'

const problems: Record<LineProblem, string> = {
  COLUMNS: 'other columns than the header, or a broken quote',
  CUSTOMER: 'no customer_id',
  ENCODING: 'customer_id is not in UTF-8, so that others would look the same',
  INSTANT: 'ts is no date since 1970 such as 2011-01-31 or 2011-01-31T10:01',
  AMOUNT: 'amount is no number up to 100,000,000,000',
  ITEMS: 'items is no number up to 100,000,000,000',
  LINES: 'lines is no number up to 100,000,000,000',
  IS_RETURN: 'is_return is neither 0 nor 1',
  TOO_LONG: 'the line is too long',
}

/**
 * Reads orders of the columns `customer_id,order_id,ts,amount,items,lines,is_return[,country]`, in any order, plain or
 * gzipped; `ts` without a zone is UTC. Customers come by id, their orders oldest first; a customer's country is that of
 * the earliest order. An order id is not looked at: who repeats an order counts it twice.
 * @throws GraphQLError NOT_FOUND, or BAD_USER_INPUT with reason UNREADABLE, HEADER, TOO_MANY_ROWS, or a line's code
 */
export async function readOrdersFile(path: string, options: OrdersFileOptions = {}): Promise<CustomerHistory[]> {
  const { onRejected = refuseLine, maxRows = 10_000_000, onProgress } = options
  const customers = new Map<string, Customer>()
  let header: Header | null = null
  let line = 0
  for await (const batch of readable(path, onProgress)) {
    for (const text of batch) {
      line += 1
      if (header === null) header = headerOf(text)
      else if (text !== '') {
        if (line > maxRows + 1) throw unreadable('TOO_MANY_ROWS', `The file has more than ${maxRows} rows.`)
        const problem = addLine(customers, header, text)
        if (problem) onRejected({ line, code: problem, message: `Line ${line}: ${problems[problem]}.` })
      }
    }
  }
  if (header === null) throw unreadable('HEADER', 'The file is empty.')
  return [...customers.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).map(historyOf)
}

const unreadable = (reason: string, message: string) => codedError('BAD_USER_INPUT', message, { reason })

function refuseLine({ code, message }: RejectedLine): never {
  throw unreadable(code, message)
}

async function* readable(path: string, onRead?: (share: number) => void): AsyncGenerator<(string | null)[]> {
  try {
    yield* textLines(path, onRead)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') throw codedError('NOT_FOUND', 'There is no such file.')
    if (typeof code === 'string') throw unreadable('UNREADABLE', `The file cannot be read: ${causes[code] ?? code}.`)
    throw error
  }
}

const causes: Record<string, string> = {
  EISDIR: 'it is a folder',
  EACCES: 'that is not allowed',
  Z_BUF_ERROR: 'its gzip is cut off',
  Z_DATA_ERROR: 'its gzip is damaged',
}

type Header = { count: number; at: Record<Column, number> }

function headerOf(text: string | null): Header {
  const names = (text === null ? null : cellsOf(text))?.map((name) => name.replace(/^\ufeff/, '').trim()) ?? []
  const missing = columns.filter((column) => isRequired(column) && !names.includes(column))
  if (missing.length > 0)
    throw unreadable('HEADER', `The header lacks ${missing.join(', ')}; columns are separated by commas, in UTF-8.`)
  const at = Object.fromEntries(columns.map((column) => [column, names.indexOf(column)])) as Record<Column, number>
  return { count: names.length, at }
}

type Customer = { id: string; country: string | null; since: number; orders: OrderFact[] }

function addLine(customers: Map<string, Customer>, { count, at }: Header, text: string | null): LineProblem | null {
  if (text === null) return 'TOO_LONG'
  const cells = cellsOf(text)
  if (cells?.length !== count) return 'COLUMNS'
  const cell = (column: Column) => cells[at[column]]?.trim() ?? ''
  const id = cell('customer_id')
  const instant = instantOf(cell('ts'))
  const amount = numberOf(cell('amount'))
  const items = numberOf(cell('items'))
  const lines = numberOf(cell('lines'))
  const isReturn = cell('is_return')
  if (id === '') return 'CUSTOMER'
  if (id.includes('\ufffd')) return 'ENCODING'
  if (instant === null) return 'INSTANT'
  if (amount === null) return 'AMOUNT'
  if (items === null) return 'ITEMS'
  if (lines === null) return 'LINES'
  if (isReturn !== '0' && isReturn !== '1') return 'IS_RETURN'
  const order = { ...bare, at: instant, amount, items, lines, isReturn: isReturn === '1' }
  addOrder(customers, id, cell('country') || null, order)
  return null
}

const bare = { refunded: 0, discount: 0, discountedLines: 0, skus: [], categories: [] }

function addOrder(customers: Map<string, Customer>, id: string, country: string | null, order: OrderFact): void {
  let customer = customers.get(id)
  if (!customer) {
    customer = { id: copied(id), country: null, since: Infinity, orders: [] }
    customers.set(customer.id, customer)
  }
  customer.orders.push(order)
  if (order.at >= customer.since) return
  customer.since = order.at
  customer.country = country === null ? null : copied(country)
}

/** A cut of a long text keeps the whole text in memory; a copy does not. */
const copied = (text: string): string => Buffer.from(text).toString()

const historyOf = ({ id, country, orders }: Customer): CustomerHistory => ({
  customerId: id,
  country,
  orders: ascending(orders),
  interactions: [],
  events: [],
})

function numberOf(text: string): number | null {
  const value = Number(text)
  return text !== '' && Math.abs(value) <= largest ? value : null
}

const pattern = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))?(Z|[+-]\d\d:\d\d)?$/

function instantOf(text: string): number | null {
  const [, day = '', time = '00:00', zone = 'Z'] = pattern.exec(text) ?? []
  const midnight = Date.parse(`${day}T00:00Z`)
  // The engine takes 30 February for 2 March.
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(day)) return null
  const instant = Date.parse(`${day}T${time}${zone}`)
  return instant >= 0 ? instant : null
}
