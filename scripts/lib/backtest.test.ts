import { spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CustomerHistory } from '@quimbi/intelligence/features/history.ts'
import { readOrdersFile } from '@quimbi/intelligence/features/orders-file.ts'
import { available } from '@quimbi/testing/availability.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backtestArguments } from './backtest-arguments.ts'
import { type Backtest, backtest, forecastsCsv } from './backtest.ts'
import { root } from './root.ts'

const file = join(root, '../shared/data/cdnow/orders.csv.gz')
const origin = Date.parse('1997-10-01T00:00Z')
const bare = { refunded: 0, items: 1, lines: 1, discount: 0, discountedLines: 0, skus: [], categories: [] }
const options = { origin, horizonDays: 91, seed: 1 }

// Three whole trainings; each is seconds of one core.
const patience = 180_000

describe.skipIf(!available('CDNOW', existsSync(file)))('a backtest on CDNOW', () => {
  let histories: CustomerHistory[]
  let honest: Backtest
  beforeAll(async () => {
    histories = (await readOrdersFile(file)).filter((_, k) => k % 40 === 0)
    honest = backtest(histories, options)
  }, patience)

  it(
    'reads nothing from the origin on',
    () => {
      const later = (at: number, k: number) => ({
        ...bare,
        at: origin + k * 86_400_000,
        amount: 1e6 + at,
        isReturn: k % 2 === 0,
      })
      const tampered = histories.map((history, k) => ({
        ...history,
        orders: [...history.orders.filter(({ at }) => at < origin), ...(k % 3 === 0 ? [] : [later(k, k % 50)])],
      }))
      const stranger = { ...histories[0]!, customerId: 'stranger', orders: [later(0, 0)] }
      expect(forecastsCsv(backtest([...tampered, stranger], options))).toBe(forecastsCsv(honest))
    },
    patience,
  )

  it('forecasts every customer with an order before the origin, once, in numbers that make sense', () => {
    const { customerIds, churn, ltv, low, high, churnModel } = honest
    const known = histories.filter(({ orders }) => orders.some(({ at }) => at < origin))
    expect(customerIds).toEqual(known.map(({ customerId }) => customerId))
    expect(churnModel.source).toBe('OWN')
    for (let i = 0; i < customerIds.length; i++) {
      expect(churn[i]).toBeGreaterThanOrEqual(0)
      expect(churn[i]).toBeLessThanOrEqual(1)
      expect(low[i]).toBeGreaterThanOrEqual(0)
      expect(low[i]).toBeLessThanOrEqual(high[i]!)
      expect(Number.isFinite(ltv[i])).toBe(true)
    }
  })

  it(
    'converts from a shorter horizon where the data are too short, and looks further with less churn',
    () => {
      const long = backtest(histories, { ...options, horizonDays: 273 })
      expect(long.plan.horizonDays).toBeLessThan(273)
      const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length
      expect(mean(long.churn)).toBeLessThan(mean(honest.churn))
      expect(mean(long.ltv)).toBeGreaterThan(mean(honest.ltv))
    },
    patience,
  )

  it('serves a handful of customers from the prior', () => {
    const few = backtest(histories.slice(0, 8), options)
    expect([few.churnModel.source, few.ltvModel.source]).toEqual(['PRIOR', 'PRIOR'])
    expect(few.churn.every((p) => p > 0 && p < 1)).toBe(true)
  })
})

describe('a backtest', () => {
  it('tells how far it is while it builds features, the latest being the most', () => {
    const order = (k: number, day: number) => ({
      ...bare,
      at: origin - day * 86_400_000,
      amount: 10 + k,
      isReturn: false,
    })
    const histories = Array.from({ length: 250 }, (_, k) => ({
      ...{ customerId: `c${k}`, country: null, interactions: [], events: [] },
      orders: [order(k, 300), order(k, 200 + (k % 50)), order(k, 5 + (k % 150))].sort((a, b) => a.at - b.at),
    }))
    const shares: number[] = []
    const onProgress = (what: string, share: number) => void (what === 'features' && shares.push(share))
    backtest(histories, { ...options, onProgress })
    expect(shares.length).toBeGreaterThan(100)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect([shares[0], shares.at(-1)]).toEqual([0, expect.closeTo(1, 1)])
  })
})

describe('the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'quimbi-backtest-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts/backtest.ts'), ...args], {
      encoding: 'utf8',
      env: { ...process.env, QUIMBI_CWD: folder },
    })
    return { status, stdout, stderr }
  }
  const orders = () => {
    const lines = Array.from({ length: 60 }, (_, k) => {
      const day = String(1 + (k % 28)).padStart(2, '0')
      return `c${k % 40},o${k},2024-0${1 + (k % 4)}-${day},${10 + k},1,1,0`
    })
    const text = ['customer_id,order_id,ts,amount,items,lines,is_return', ...lines, 'broken', ''].join('\n')
    writeFileSync(join(folder, 'orders.csv'), text)
  }

  it('writes a line for each customer, says what it left out, and finds files where the user stands', () => {
    orders()
    const done = run('--orders', 'orders.csv', '--origin', '2024-05-01', '--horizon', '30', '--out', 'out.csv')
    expect(done.stderr).not.toContain('failed')
    expect(done.status).toBe(0)
    expect(done.stdout).toContain('40 customers, 30 days from the origin')
    expect(done.stdout).toContain('left out        1 lines; the first: Line 62')
    const written = readFileSync(join(folder, 'out.csv'), 'utf8').trim().split('\n')
    expect(written[0]).toBe('customer_id,churn_probability,ltv,ltv_lo,ltv_hi')
    expect(written).toHaveLength(41)
    expect(written[1]).toMatch(/^c0,0\.\d{6},\d+\.\d\d,\d+\.\d\d,\d+\.\d\d$/)
  })

  it('says of the shipped prior why it forecasts spend: nobody has bought twice', () => {
    const lines = Array.from({ length: 40 }, (_, k) => `c${k},o${k},2024-01-${10 + (k % 9)},${10 + k},1,1,0`)
    const header = 'customer_id,order_id,ts,amount,items,lines,is_return'
    writeFileSync(join(folder, 'once.csv'), [header, ...lines, ''].join('\n'))
    const done = run('--orders', 'once.csv', '--origin', '2024-05-01', '--horizon', '30', '--out', 'once-out.csv')
    expect(done.stdout).toMatch(/lifetime value .*; the shipped prior; nobody bought again within a horizon/)
    expect(done.stdout).toMatch(/churn .*; how often customers buy; too few customers for more/)
  })

  it('ends with 1 where there is nothing before the origin, and writes nothing', () => {
    orders()
    const failed = run('--orders', 'orders.csv', '--origin', '2023-01-01', '--horizon', '30', '--out', 'none.csv')
    expect(failed.status).toBe(1)
    expect(failed.stderr).toContain('There is no order before the origin')
    expect(existsSync(join(folder, 'none.csv'))).toBe(false)
  })

  it('forecasts those too who only returned, and is as sure of the others', () => {
    orders()
    const known = run('--orders', 'orders.csv', '--origin', '2024-05-01', '--horizon', '30', '--out', 'known.csv')
    appendFileSync(join(folder, 'orders.csv'), 'z1,r1,2024-02-02,12,1,1,1\nz2,r2,2024-02-02,-12,1,1,0\n')
    const more = run('--orders', 'orders.csv', '--origin', '2024-05-01', '--horizon', '30', '--out', 'more.csv')
    expect([known.status, more.status]).toEqual([0, 0])
    const [before, after] = ['known.csv', 'more.csv'].map((name) => readFileSync(join(folder, name), 'utf8'))
    expect(after?.startsWith(before ?? '-')).toBe(true)
    const added = after?.slice(before?.length).trim().split('\n')
    expect(added?.map((line) => line.split(',')[0])).toEqual(['z1', 'z2'])
    for (const line of added ?? []) expect(line).toMatch(/^z\d,0\.\d{6},\d+\.\d\d,\d+\.\d\d,\d+\.\d\d$/)
  })

  it.each([
    ['none/out.csv', 'cannot be written'],
    ['.', 'is a folder'],
    ['orders.csv', 'would overwrite the orders'],
  ])('looks first whether it can write to %s', (out, problem) => {
    orders()
    const failed = run('--orders', 'orders.csv', '--origin', '2024-05-01', '--horizon', '30', '--out', out)
    expect([failed.status, failed.stdout, failed.stderr.split(':')[0]]).toEqual([2, '', 'OUT'])
    expect(failed.stderr).toContain(problem)
  })

  it('says what is wrong where no line can be read', () => {
    writeFileSync(join(folder, 'bad.csv'), 'customer_id,order_id,ts,amount,items,lines,is_return\na,1,soon,1,1,1,0\n')
    const failed = run('--orders', 'bad.csv', '--origin', '2024-05-01', '--horizon', '30', '--out', 'none.csv')
    expect(failed.status).toBe(1)
    expect(failed.stderr).toContain('None of 1 lines can be read; the first: Line 2: ts is no date')
  })

  it('ends with 2 and a code where the command line is wrong, and with 0 where help is asked', () => {
    const wrong = run('--orders', 'orders.csv', '--origin', '2024-02-30', '--horizon', '30', '--out', 'out.csv')
    expect([wrong.status, wrong.stderr.split(':')[0]]).toEqual([2, 'ORIGIN'])
    expect(run('--help')).toMatchObject({ status: 0, stderr: '' })
  })
})

describe('backtestArguments', () => {
  const good = ['--orders', 'a', '--origin', '2024-01-01', '--horizon', '90', '--out', 'b']
  const without = (name: string) => good.filter((_, k) => good[k - (k % 2)] !== name)

  it('reads dates and instants as UTC', () => {
    expect(backtestArguments(good)).toEqual({
      orders: 'a',
      origin: Date.UTC(2024, 0, 1),
      horizonDays: 90,
      out: 'b',
      seed: 1,
    })
    const at = (text: string) => backtestArguments([...without('--origin'), '--origin', text])?.origin
    expect(at('2024-01-01T02:00+02:00')).toBe(Date.UTC(2024, 0, 1))
  })

  it.each([
    ['ORDERS', without('--orders')],
    ['ORIGIN', without('--origin')],
    ['HORIZON', without('--horizon')],
    ['OUT', without('--out')],
    ['HORIZON', [...without('--horizon'), '--horizon', '27']],
    ['HORIZON', [...without('--horizon'), '--horizon', '9e1']],
    ['ORIGIN', [...without('--origin'), '--origin', 'yesterday']],
    ['SEED', [...good, '--seed', 'x']],
    ['UNKNOWN', [...good, '--colour', 'red']],
  ])('codes what is wrong as %s', (code, argv) => {
    expect(() => backtestArguments(argv)).toThrow(expect.objectContaining({ code }))
  })
})
