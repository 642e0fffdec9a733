import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { measuredLines, recordCoverage } from './coverage.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'coverage-'))
  for (const folder of ['coverage', 'gateway/src']) mkdirSync(join(root, folder), { recursive: true })
  writeFileSync(join(root, 'gateway/src/main.ts'), 'export {}')
  writeFileSync(join(root, 'coverage/coverage-summary.json'), '{"total":{"lines":{"pct":81.5}}}')
})
afterEach(() => rmSync(root, { recursive: true }))

describe('measured coverage', () => {
  it('is what the last whole run found', () => {
    recordCoverage(root)
    expect(measuredLines(root)).toBe(81.5)
  })

  it('is unknown before a whole run', () => {
    expect(measuredLines(root)).toBeNull()
  })

  it('is unknown again once a source changed', () => {
    recordCoverage(root)
    writeFileSync(join(root, 'gateway/src/main.ts'), 'export const untested = 1')
    expect(measuredLines(root)).toBeNull()
  })
})
