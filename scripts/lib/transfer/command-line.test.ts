import { describe, expect, it } from 'vitest'
import { exportArguments } from './export-arguments.ts'
import { importArguments } from './import-arguments.ts'
import { duration, progressLine } from './progress.ts'
import { reasonLines } from './rejects.ts'
import { createReporter } from './reporter.ts'

describe('the arguments of an import', () => {
  it('name kind, file and tenant', () => {
    const asked = importArguments([
      'orders',
      'a.csv',
      '--tenant',
      't',
      '--create-tenant',
      '--name',
      'T',
      '--currency',
      'GBP',
    ])
    expect(asked).toMatchObject({
      kind: 'orders',
      file: 'a.csv',
      tenant: 't',
      create: { name: 'T' },
      currencyCode: 'GBP',
      dryRun: false,
    })
  })

  it('give help when it is asked for, or nothing is', () => {
    expect([importArguments([]), importArguments(['--help']), exportArguments([]), exportArguments(['-h'])]).toEqual([
      null,
      null,
      null,
      null,
    ])
  })

  it.each([
    [['things', 'a'], /orders, customers or tickets/],
    [['orders'], /Name a file/],
    [['orders', 'a', 'b', '--tenant', 't'], /One file/],
    [['orders', 'a'], /--tenant/],
    [['orders', 'a', '--tenant', 't', '--name', 'x'], /--create-tenant/],
    [['orders', 'a', '--tenant', 't', '--create-tenant', '--dry-run'], /--dry-run/],
    [['orders', 'a', '--nope'], /--nope/],
  ])('%j are refused', (argv, message) => expect(() => importArguments(argv)).toThrow(message))
})

describe('the arguments of an export', () => {
  it('name a file, whose name tells the format, or a folder', () => {
    expect(exportArguments(['orders', '--tenant', 't', '--out', 'a.csv.gz'])).toMatchObject({
      isDirectory: false,
      format: 'csv',
      kinds: ['orders'],
    })
    expect(exportArguments(['all', '--tenant', 't'])).toMatchObject({
      isDirectory: true,
      out: '.',
      format: 'jsonl',
      kinds: ['customers', 'tickets', 'orders'],
    })
  })

  it.each([
    [['things'], /orders, customers, tickets or all/],
    [['orders'], /--tenant/],
    [['all', '--tenant', 't', '--out', '-'], /folder/],
    [['orders', 'x', '--tenant', 't'], /--out/],
    [['orders', '--tenant', 't', '--format', 'xml'], /jsonl or csv/],
  ])('%j are refused', (argv, message) => expect(() => exportArguments(argv)).toThrow(message))
})

describe('progress', () => {
  it('shows a bar, rows, rate, time left and rejected where the end is known', () => {
    const line = progressLine({ seconds: 10, rows: 200_000, rejected: 5, bytes: 50, totalBytes: 100 }, 120)
    expect(line).toBe(`[${'█'.repeat(15)}${'·'.repeat(15)}]  50 %  200,000 rows  20,000/s  10 s left  5 rejected`)
  })

  it('fits a narrow terminal, and does without an end', () => {
    expect(progressLine({ seconds: 1, rows: 1, rejected: 0, bytes: 1, totalBytes: 2 }, 20).length).toBeLessThanOrEqual(
      20,
    )
    expect(progressLine({ seconds: 2, rows: 10, rejected: 0, bytes: 1 << 20, totalBytes: null }, 80)).toBe(
      '10 rows  5/s  1.0 MiB',
    )
  })

  it('tells durations in the units that people use', () => {
    expect([45, 200, 7_500].map(duration)).toEqual(['45 s', '3 min 20 s', '2 h 5 min'])
  })

  it('draws one line anew on a terminal, and writes one every five seconds elsewhere', () => {
    const show = (isTTY: boolean) => {
      const written: string[] = []
      let time = 0
      const reporter = createReporter({ isTTY, columns: 60, write: (text) => written.push(text) }, () => time)
      for (; time < 11_000; time += 50) reporter.update({ rows: time, rejected: 0, bytes: null, totalBytes: null })
      reporter.end()
      return written
    }
    expect(show(false).map((text) => text.endsWith('\n'))).toEqual([true, true])
    expect(show(true).every((text) => text.startsWith('\r\u001b[2K') && !text.includes('\n'))).toBe(true)
  })

  it('names the first lines of each reason', () => {
    expect(reasonLines([{ reason: 'no id', count: 7, lines: [1, 2] }])).toEqual(['          7  no id (lines 1, 2, …)'])
  })
})
