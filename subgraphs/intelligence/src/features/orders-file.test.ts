import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { at, realOrders } from './history.test-kit.ts'
import { readOrdersFile, type OrdersFileOptions, type RejectedLine } from './orders-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'quimbi-orders-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const header = 'customer_id,order_id,ts,amount,items,lines,is_return,country'

function fileWith(content: string | Buffer): string {
  const path = join(folder, 'orders.csv')
  writeFileSync(path, content)
  return path
}

const read = (content: string | Buffer, options?: OrdersFileOptions) => readOrdersFile(fileWith(content), options)

const codeOf = (code: string, reason?: string) =>
  expect.objectContaining({ extensions: { code, ...(reason && { reason }) } }) as Error

describe('readOrdersFile', () => {
  it.each([
    ['plain', (text: string) => text],
    ['gzipped', (text: string) => gzipSync(text, { level: 0 })],
  ])('tells how much of a %s file it has read, step by step to the end', async (_, packed) => {
    const shares: number[] = []
    const rows = `${header}\n${'a,1,2011-01-02,5,1,1,0,\n'.repeat(60_000)}`
    await read(packed(rows), { onProgress: (share) => shares.push(share) })
    expect(shares.length).toBeGreaterThan(3)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(shares[0]).toBeLessThan(0.6)
    expect(shares.at(-1)).toBe(1)
  })

  it('reads customers by id, and their orders oldest first', async () => {
    const rows = ['b,2,2011-01-18T10:01,7.5,3,2,0,UK', 'a,1,2011-01-02,1,1,1,0,', 'b,1,2011-01-18,2,1,1,1,FR']
    const facts = { refunded: 0, discount: 0, discountedLines: 0, skus: [], categories: [] }
    expect(await read([header, ...rows].join('\n'))).toEqual([
      {
        customerId: 'a',
        country: null,
        orders: [{ ...facts, at: at('2011-01-02'), amount: 1, items: 1, lines: 1, isReturn: false }],
        interactions: [],
        events: [],
      },
      {
        customerId: 'b',
        country: 'FR',
        orders: [
          { ...facts, at: at('2011-01-18'), amount: 2, items: 1, lines: 1, isReturn: true },
          { ...facts, at: at('2011-01-18', '10:01'), amount: 7.5, items: 3, lines: 2, isReturn: false },
        ],
        interactions: [],
        events: [],
      },
    ])
  })

  it.each([
    ['gzipped', (text: string) => gzipSync(text)],
    ['with a byte order mark', (text: string) => `\ufeff${text}`],
    [
      'with Windows line ends, empty lines and quotes',
      (text: string) => `${text.replace('a,1', '"a",1').replace('\n', '\r\n\r\n')}\r\n`,
    ],
    [
      'with the columns in another order, and more of them',
      () => 'note,is_return,lines,items,amount,ts,order_id,customer_id\n"x, ""y""",0,1,1,5,2011-01-02,1,a',
    ],
  ])('reads a file %s', async (_, encode) => {
    const plain = 'customer_id,order_id,ts,amount,items,lines,is_return\na,1,2011-01-02,5,1,1,0'
    expect(await read(encode(plain))).toEqual(await read(plain))
  })

  it.each([
    ['2011-01-02', at('2011-01-02')],
    ['2011-01-02 23:59', at('2011-01-02', '23:59')],
    ['2011-01-02T23:59:58', at('2011-01-02', '23:59:58')],
    ['2011-01-02T23:59:58.123456Z', at('2011-01-02', '23:59:58.123')],
    ['2011-01-02T01:00+02:00', at('2011-01-01', '23:00')],
  ])('takes %s for an instant, in UTC without a zone', async (ts, instant) => {
    const [customer] = await read(`${header}\na,1,${ts},5,1,1,0,`)
    expect(customer?.orders[0]?.at).toBe(instant)
  })

  it.each([
    ['COLUMNS', 'a,1,2011-01-02,5,1,1,0'],
    ['COLUMNS', '"a,1,2011-01-02,5,1,1,0,'],
    ['COLUMNS', '"a"b,1,2011-01-02,5,1,1,0,'],
    ['CUSTOMER', ' ,1,2011-01-02,5,1,1,0,'],
    ['INSTANT', 'a,1,2011-02-30,5,1,1,0,'],
    ['INSTANT', 'a,1,2011-01-02T25:00,5,1,1,0,'],
    ['INSTANT', 'a,1,02/01/2011,5,1,1,0,'],
    ['INSTANT', 'a,1,,5,1,1,0,'],
    ['INSTANT', 'a,1,0001-01-01,5,1,1,0,'],
    ['AMOUNT', 'a,1,2011-01-02,,1,1,0,'],
    ['AMOUNT', 'a,1,2011-01-02,NaN,1,1,0,'],
    ['AMOUNT', 'a,1,2011-01-02,1e999,1,1,0,'],
    ['AMOUNT', 'a,1,2011-01-02,1e300,1,1,0,'],
    ['AMOUNT', 'a,1,2011-01-02,-100000000001,1,1,0,'],
    ['ITEMS', 'a,1,2011-01-02,5,x,1,0,'],
    ['ITEMS', 'a,1,2011-01-02,5,1e18,1,0,'],
    ['LINES', 'a,1,2011-01-02,5,1,x,0,'],
    ['IS_RETURN', 'a,1,2011-01-02,5,1,1,yes,'],
    ['TOO_LONG', `${'a'.repeat(600_000)},1,2011-01-02,5,1,1,0,`],
  ])('keeps a line aside for %s, and that one alone', async (code, line) => {
    const good = (id: string) => `${id},1,2011-01-02,5,1,1,0,`
    const text = [header, good('x'), line, good('y'), line].join('\n')
    const rejected: RejectedLine[] = []
    const histories = await read(text, { onRejected: (row) => rejected.push(row) })
    expect(histories.map(({ customerId }) => customerId)).toEqual(['x', 'y'])
    expect(rejected.map((row) => [row.line, row.code])).toEqual([
      [3, code],
      [5, code],
    ])
    expect(rejected[0]?.message).toMatch(/^Line 3: .+\.$/)
    await expect(read(text)).rejects.toThrow(codeOf('BAD_USER_INPUT', code))
  })

  it('reads lines that chunks cut, in any language', async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => `é${index % 7},${index},2011-01-02,0.25,1,1,0,Österreich`)
    const text = [header, ...rows].join('\n')
    for (const content of [text, gzipSync(text)]) {
      const histories = await read(content)
      expect(histories.map(({ customerId }) => customerId)).toEqual(
        Array.from({ length: 7 }, (_, index) => `é${index}`),
      )
      expect(histories.flatMap(({ orders }) => orders)).toHaveLength(20_000)
      expect(new Set(histories.map(({ country }) => country))).toEqual(new Set(['Österreich']))
    }
  })

  it('keeps customers apart whose ids are not in UTF-8, by leaving them out', async () => {
    const codes: string[] = []
    const text = Buffer.from(
      `${header}\nmüller,1,2011-01-02,5,1,1,0,\nmöller,1,2011-01-02,5,1,1,0,\nx,1,2011-01-02,5,1,1,0,Österreich`,
      'latin1',
    )
    const histories = await read(text, { onRejected: ({ code }) => void codes.push(code) })
    expect(histories.map(({ customerId }) => customerId)).toEqual(['x'])
    expect(codes).toEqual(['ENCODING', 'ENCODING'])
  })

  it('refuses what is no such file', async () => {
    await expect(readOrdersFile(join(folder, 'none.csv'))).rejects.toThrow(codeOf('NOT_FOUND'))
    await expect(readOrdersFile(folder)).rejects.toThrow(codeOf('BAD_USER_INPUT', 'UNREADABLE'))
    await expect(read('')).rejects.toThrow(codeOf('BAD_USER_INPUT', 'HEADER'))
    await expect(read('id,date\n1,2')).rejects.toThrow(/The header lacks customer_id, order_id/)
    const packed = gzipSync(`${header}\n${'a,1,2011-01-02,5,1,1,0,\n'.repeat(1000)}`)
    await expect(read(packed.subarray(0, packed.length / 2))).rejects.toThrow(codeOf('BAD_USER_INPUT', 'UNREADABLE'))
    await expect(read(packed.subarray(0, packed.length / 2))).rejects.toThrow('its gzip is cut off')
    await expect(read(`${header}\n${'a,1,2011-01-02,5,1,1,0,\n'.repeat(3)}`, { maxRows: 2 })).rejects.toThrow(
      codeOf('BAD_USER_INPUT', 'TOO_MANY_ROWS'),
    )
  })
})

const cdnow = realOrders('cdnow')

describe.skipIf(cdnow === null)('the CDNOW orders (data)', () => {
  it('are read to the last row (data)', async () => {
    const histories = await readOrdersFile(cdnow ?? '')
    expect(histories).toHaveLength(23_570)
    expect(histories.reduce((rows, { orders }) => rows + orders.length, 0)).toBe(69_659)
  })
})
