import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allowConsole } from './strict-console.ts'

/** Test files for a run of their own, by name. */
const files = {
  clean: `
    it('closes what it opens', async () => {
      const server = createServer().listen(0)
      server.close()
      setInterval(() => {}, 1000).unref()
    })`,
  server: `it('leaves a server', () => void createServer().listen(0, '127.0.0.1'))`,
  timer: `it('leaves a timer', () => void setInterval(() => {}, 1000))`,
  child: `it('leaves a child process', () => void spawn('sleep', ['5']))`,
  late: `
    it('closes a moment later', () => {
      const server = createServer().listen(0)
      setTimeout(() => server.close(), 200)
    })`,
  console: `
    it('prints', () => console.error('first %s', 'mistake'))
    it('prints with permission', () => {
      const calls = allowConsole()
      console.warn('expected')
      expect(calls).toEqual([{ method: 'warn', text: 'expected' }])
    })
    it('prints after permission ended', () => console.warn('second mistake'))`,
  hook: `
    beforeAll(() => console.error('printed by a hook'))
    it('is empty', () => {})`,
}

type Report = {
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { status: string; failureMessages: string[] }[]
  }[]
}

let folder: string
const results = new Map<string, Report['testResults'][number]>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'setup-'))
  const vitest = dirname(createRequire(import.meta.url).resolve('vitest/package.json'))
  await symlink(dirname(vitest), join(folder, 'node_modules'))
  await mkdir(join(folder, 'tests'))
  const head = `
    import { spawn } from 'node:child_process'
    import { createServer } from 'node:net'
    import { beforeAll, expect, it } from 'vitest'
    import { allowConsole } from '@quimbi/testing/strict-console.ts'`
  for (const [name, body] of Object.entries(files))
    await writeFile(join(folder, 'tests', `${name}.test.ts`), `${head}\n${body}`)
  const setupFile = fileURLToPath(new URL('setup.ts', import.meta.url))
  const config = `export default { test: { pool: 'forks', maxWorkers: 4, setupFiles: [${JSON.stringify(setupFile)}] } }`
  await writeFile(join(folder, 'vitest.config.mjs'), config)
  const args = [join(vitest, 'vitest.mjs'), 'run', '--root', folder, '--reporter=json', '--outputFile=report.json']
  await new Promise((resolve) => execFile(process.execPath, args, { cwd: folder }, resolve))
  const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as Report
  for (const result of report.testResults) results.set(/(\w+)\.test\.ts$/.exec(result.name)![1]!, result)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the set-up of every test file', () => {
  it.each(['clean', 'late'])('lets a file pass that closes what it opened: %s', (name) => {
    expect(results.get(name)).toMatchObject({ status: 'passed' })
  })

  it.each([
    ['server', 'TCP server'],
    ['timer', 'timer'],
    ['child', 'child process'],
  ])('fails a file that leaves open: %s', (name, kind) => {
    expect(results.get(name)?.status).toBe('failed')
    expect(results.get(name)?.message).toContain(`left open: 1 × ${kind}`)
  })

  it('fails exactly the tests that print an error or a warning without permission', () => {
    const outcomes = results.get('console')?.assertionResults
    expect(outcomes?.map(({ status }) => status)).toEqual(['failed', 'passed', 'failed'])
    expect(outcomes?.[0]?.failureMessages[0]).toContain('console.error: first mistake')
    expect(outcomes?.[2]?.failureMessages[0]).toContain('console.warn: second mistake')
  })

  it('fails a file whose hooks print an error', () => {
    expect(results.get('hook')?.status).toBe('failed')
  })

  it('keeps what is printed with permission', () => {
    const calls = allowConsole()
    console.error('a', 1)
    expect(calls).toEqual([{ method: 'error', text: 'a 1' }])
  })
})
