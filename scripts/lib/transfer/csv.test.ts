import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvLine, readCsv } from './csv.ts'
import type { Chunk } from './rows.ts'

async function* pieces(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size)
}

async function read(text: string, size = 7): Promise<Chunk<string[]>> {
  const all: Chunk<string[]> = { rows: [], broken: [] }
  for await (const { rows, broken } of readCsv(pieces(text, size))) {
    all.rows.push(...rows)
    all.broken.push(...broken)
  }
  return all
}

const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é', '\u{1F600}', '|') })

describe('CSV', () => {
  it('reads what it wrote, however it is cut', async () => {
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 9 }), async (cells, size) => {
        const { rows, broken } = await read(cells.map((row) => csvLine(row)).join(''), size)
        expect(rows.map(({ raw }) => raw)).toEqual(cells)
        expect(broken).toEqual([])
      }),
    )
  })

  it('reads as csv-parse does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { minLength: 1 }), async (cells) => {
        const text = cells.map((row) => csvLine(row)).join('')
        const expected: unknown = parse(text, { relax_column_count: true, record_delimiter: ['\r\n', '\n'] })
        expect((await read(text)).rows.map(({ raw }) => raw)).toEqual(expected)
      }),
    )
  })

  it('tells the line on which a record begins', async () => {
    const { rows } = await read('a,b\n\n1,"x\ny"\r\n2,3')
    expect(rows).toEqual([
      { line: 1, raw: ['a', 'b'] },
      { line: 3, raw: ['1', 'x\ny'] },
      { line: 5, raw: ['2', '3'] },
    ])
  })

  it('loses no line but the one with a broken quote', async () => {
    const { rows, broken } = await read('1,"q"z\n2,3\n4,"open\n5,6\n')
    expect(rows.map(({ line }) => line)).toEqual([2, 4])
    expect(broken.map(({ line, problem }) => [line, problem])).toEqual([
      [1, 'text after a closing quote'],
      [3, 'a quote is not closed'],
    ])
  })
})
