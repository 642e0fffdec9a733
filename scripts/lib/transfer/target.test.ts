import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openFile } from './open-file.ts'
import { openTarget } from './target.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'target-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a file that is written', () => {
  it('appears when it is complete, readable by its owner only', async () => {
    const path = join(folder, 'deep/a.jsonl')
    const target = await openTarget(path)
    await target.write('1\n')
    expect(existsSync(path)).toBe(false)
    await target.complete()
    expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual(['1\n', 0o600])
  })

  it('is gzipped where its name says so', async () => {
    const path = join(folder, 'a.csv.gz')
    const target = await openTarget(path)
    await target.write('x'.repeat(1e6))
    await target.complete()
    expect(gunzipSync(readFileSync(path)).length).toBe(1e6)
  })

  it('leaves the old one alone when it is abandoned', async () => {
    const path = join(folder, 'a.csv')
    writeFileSync(path, 'old')
    const target = await openTarget(path)
    await target.write('new')
    await target.abandon()
    expect([readdirSync(folder), readFileSync(path, 'utf8')]).toEqual([['a.csv'], 'old'])
  })
})

describe('a file that is read', () => {
  const all = async (content: string | Buffer) => {
    const path = join(folder, 'in')
    writeFileSync(path, content)
    const { header, chunks } = await openFile(path)
    const rows: unknown[] = []
    for await (const chunk of chunks) rows.push(...chunk.rows.map(({ raw }) => raw))
    return { header, rows }
  }

  it('is unpacked and told apart by what is in it', async () => {
    expect(await all(gzipSync('\uFEFFa,b\n1,2'))).toEqual({ header: ['a', 'b'], rows: [['1', '2']] })
    expect(await all('{"a":"\u2028"}\n\n{"a":2}')).toEqual({ header: null, rows: [{ a: '\u2028' }, { a: 2 }] })
    expect(await all('')).toEqual({ header: null, rows: [] })
  })

  it('fails when it was cut short', async () => {
    const packed = gzipSync(Buffer.from(Array.from({ length: 1e5 }, (_, at) => at % 251)))
    await expect(all(packed.subarray(0, packed.length - 20))).rejects.toThrow(/end of file/)
  })
})
