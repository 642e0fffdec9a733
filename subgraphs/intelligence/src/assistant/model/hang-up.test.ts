import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)

describe('a server that hangs up in the middle of its answers', () => {
  it.each(['ours', 'global'])('ends no process that asks it with fetch: %s', { timeout: 120_000 }, async (which) => {
    const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'hang-up-fetch.test-kit.ts'), which])
    expect(stdout).toBe('done')
  })
})

describe('a language-model server that hangs up in the middle of its answers', () => {
  it.each([
    ['asked', /^(?:MODEL_\w+ ?)+$/],
    ['left', /\bgone\b|MODEL_/],
    ['unread', /answered/],
  ])('ends no process, whether it is %s', { timeout: 120_000 }, async (which, outcome) => {
    const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'hang-up.test-kit.ts'), which])
    expect(stdout).toMatch(outcome)
  })
})
