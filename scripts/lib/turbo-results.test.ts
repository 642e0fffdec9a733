import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readResults, table } from './turbo-results.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runs-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const aTask = (task: string, exitCode: number, status: string) => ({
  task,
  cache: { status },
  execution: { startTime: 1000, endTime: 3500, exitCode },
})

describe('the results of a turbo run', () => {
  it('are read from its summary', () => {
    const tasks = [aTask('lint', 1, 'MISS'), aTask('format', 0, 'HIT')]
    writeFileSync(join(folder, 'run.json'), JSON.stringify({ tasks }))
    expect(table(readResults(folder, ['lint', 'format']))).toBe(
      ['✗ lint           FAILED    2.5 s', '✓ format         good      2.5 s  unchanged'].join('\n'),
    )
  })

  it('are failures for what did not run', () => {
    expect(readResults(join(folder, 'nowhere'), ['lint'])).toEqual([
      { name: 'lint', isGood: false, seconds: 0, note: 'did not run' },
    ])
  })
})
