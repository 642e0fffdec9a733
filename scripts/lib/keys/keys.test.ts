import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openIntelligenceDatabase, type IntelligenceDatabase } from '@quimbi/intelligence/database.ts'
import { createReadLog } from '@quimbi/intelligence/keys/read-log.ts'
import { createKeyRing } from '@quimbi/intelligence/keys/ring.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import type { PartnerViewer } from '@quimbi/service/viewer.ts'
import { openSupportDatabase } from '@quimbi/support/database.ts'
import { createTenant } from '@quimbi/support/tenants/service.ts'
import { createTestDatabase, type TestDatabase } from '@quimbi/testing/databases.ts'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../root.ts'
import { keysCommand } from './command.ts'

let databases: { support: TestDatabase; intelligence: TestDatabase }
let intelligence: IntelligenceDatabase

beforeAll(async () => {
  databases = { support: await createTestDatabase('support'), intelligence: await createTestDatabase('intelligence') }
  intelligence = await openIntelligenceDatabase({ url: databases.intelligence.url })
  const support = await openSupportDatabase({ url: databases.support.url })
  for (const slug of ['retail', 'other'])
    await support.system.$transaction((tx) =>
      createTenant(tx, { slug, name: slug, currencyCode: 'GBP', timeZone: 'UTC' }, new Date()),
    )
  await support.close()
})
afterAll(async () => {
  await intelligence.close()
  await databases.support.drop()
  await databases.intelligence.drop()
})

const environment = () => ({
  PATH: process.env['PATH'],
  SUPPORT_DATABASE_URL: databases.support.url,
  INTELLIGENCE_DATABASE_URL: databases.intelligence.url,
})

/** Runs the command; what it printed, and its exit code. */
async function keys(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const printed = { stdout: '', stderr: '' }
  const into = (stream: keyof typeof printed) => ({ write: (text: string) => void (printed[stream] += text) })
  const stderr = { ...into('stderr'), isTTY: false } as unknown as NodeJS.WriteStream
  const code = await keysCommand(argv, { environment: environment(), stdout: into('stdout'), stderr })
  return { code, ...printed }
}

const retail = ['--tenant', 'retail']
const made = ['create', ...retail, '--name', 'Newsletter', '--scopes', 'insight:read,generate']

type Told = { id: string; key: string }
type Shown = { id: string; name: string; status: string; hash?: string; replacedById: string | null }

/** Asks the database itself each time: no key is believed from before. */
async function partnerOf(key: string): Promise<PartnerViewer> {
  const ring = createKeyRing({ database: intelligence, log: createLogger({ service: 'test', level: 'silent' }) })
  return ring.partnerOf(key, new Date()).finally(() => ring.stop())
}

const opens = (key: string) =>
  partnerOf(key).then(
    ({ keyId }) => keyId,
    () => null,
  )

describe('npm run keys', () => {
  it('makes a key that opens the door, prints it once and nothing else, and takes it away again', async () => {
    const first = await keys(...made)
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^qk_live_[\w-]{32}\n$/) })
    expect(first.stderr).toMatch(/Its id is [\da-f-]{36}\.\nKeep it now/)
    const id = /id is (\S+)\./.exec(first.stderr)?.[1] ?? ''
    const key = first.stdout.trim()
    expect(await opens(key)).toBe(id)

    const rotated = await keys('rotate', id, ...retail, '--grace-hours', '1', '--json')
    const young = JSON.parse(rotated.stdout) as Told
    expect([await opens(young.key), await opens(key)]).toEqual([young.id, id])

    expect(await keys('revoke', id, ...retail)).toMatchObject({ code: 0, stdout: '' })
    expect([await opens(young.key), await opens(key)]).toEqual([young.id, null])

    const all = JSON.parse((await keys('list', ...retail, '--json')).stdout) as Shown[]
    expect(all).toMatchObject([
      { id: young.id, name: 'Newsletter', status: 'LIVE' },
      { id, status: 'REVOKED', replacedById: young.id },
    ])
    expect(JSON.stringify(all)).not.toMatch(/hash|tenantId/)
    const { stdout } = await keys('list', ...retail)
    expect(stdout).toMatch(new RegExp(`^ID .*\n${young.id}  qk_live_.{4}…  LIVE .*Newsletter\n${id} .*REVOKED`))
    expect(stdout).not.toContain(young.key)
  })

  it('shows what was asked with a key, page by page', async () => {
    const { id, key } = JSON.parse((await keys(...made, '--json')).stdout) as Told
    const { tenantId, keyId } = await partnerOf(key)
    const log = createLogger({ service: 'test', level: 'silent' })
    const reads = createReadLog({ database: intelligence, log, metrics: { registry: new Registry() } })
    for (const requestId of ['r-1', 'r-2\u001B[2J'])
      reads.note({
        ...{ tenantId, keyId, at: new Date(), requestId, operationName: null, fields: ['customerInsight'], cost: 3 },
        ...{ customerIds: new Set<string>(), outcome: 'OK' },
      })
    await reads.stop()
    const first = await keys('reads', id, ...retail, '--first', '1')
    expect(first.stdout).toMatch(/^AT .*\n\S+Z +OK +3 +0 +customerInsight +- +r-2\?\[2J\n$/)
    const after = /--after (\S+)/.exec(first.stderr)?.[1] ?? ''
    const rest = JSON.parse((await keys('reads', id, ...retail, '--after', after, '--json')).stdout) as object
    expect(rest).toMatchObject({
      after: null,
      reads: [{ requestId: 'r-1', fields: ['customerInsight'], customers: 0 }],
    })
  })

  it('exits with 1 where it is refused, 2 where it is not understood, and says why on standard error', async () => {
    const { id } = JSON.parse((await keys(...made, '--json')).stdout) as Told
    const failed = async (...argv: string[]) => {
      const { code, stdout, stderr } = await keys(...argv)
      expect(stdout).toBe('')
      return `${code} ${stderr.trim()}`
    }
    expect(await failed('revoke', id, '--tenant', 'other')).toBe(
      '1 npm run keys failed: NOT_FOUND: There is no such key.',
    )
    expect(await failed('list', '--tenant', 'nobody')).toMatch(/^1 .*There is no tenant "nobody"/)
    expect(await failed('create', ...retail, '--name', 'x', '--scopes', 'admin')).toMatch(
      /^1 .*INVALID: .*insight:read/,
    )
    expect(await failed('reads', id, '--tenant', 'other')).toMatch(/^1 .*There is no key/)
    expect(await failed('list')).toBe('2 npm run keys failed: Say whose keys: --tenant SLUG.')
    expect(await keys('--help')).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('npm run keys --'),
    })
  })

  it('is a command of its own', async () => {
    const script = join(root, 'scripts/keys.ts')
    const run = promisify(execFile)
    const { stdout } = await run(process.execPath, [script, ...made], { cwd: root, env: environment() })
    expect(await opens(stdout.trim())).not.toBeNull()
    await expect(run(process.execPath, [script, 'drop'], { cwd: root })).rejects.toMatchObject({ code: 2 })
  }, 120_000)
})
