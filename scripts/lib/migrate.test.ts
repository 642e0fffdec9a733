import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { databaseUrl, dropDatabase, ensureDatabase } from '@quimbi/database/provision.ts'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { root } from './root.ts'

const { adminUrl } = inject('postgres')
const suffix = randomUUID().replaceAll('-', '')
const names = [`support_${suffix}`, `intelligence_${suffix}`] as const

/** Runs the command as its own process; what it printed, and its exit code. */
function migrate(environment: Record<string, string>): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((done) => {
    const options = { cwd: root, env: { PATH: process.env['PATH'], ...environment } }
    execFile(process.execPath, [join(root, 'scripts/migrate.ts')], options, (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
  })
}

describe('npm run migrate', () => {
  const [support, intelligence] = names.map((name) => databaseUrl(adminUrl, name)) as [string, string]
  const urls = { SUPPORT_DATABASE_URL: support, INTELLIGENCE_DATABASE_URL: intelligence }

  beforeAll(async () => {
    for (const name of names) await ensureDatabase(adminUrl, name)
  })

  afterAll(async () => {
    for (const name of names) await dropDatabase(adminUrl, name)
  })

  it('brings both databases up to date, and does nothing the second time', async () => {
    const first = await migrate(urls)
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toMatch(/^migrating support: \d+_\w+\n(.*\n)*Both databases are up to date\.\n$/)
    expect(await migrate(urls)).toEqual({ code: 0, stdout: 'Both databases are up to date.\n', stderr: '' })
  })

  it('says what is missing, and shows no password', async () => {
    const { code, stderr } = await migrate({ SUPPORT_DATABASE_URL: 'mysql://root:secret@db.example/support' })
    expect(code).toBe(1)
    expect(stderr).toContain('SUPPORT_DATABASE_URL: is not a PostgreSQL URL')
    expect(stderr).toContain('INTELLIGENCE_DATABASE_URL: is not set')
    expect(stderr).not.toContain('secret')
  })
})
