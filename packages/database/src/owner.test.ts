import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { assertRowSecurity, createPool } from './connect.ts'
import { prepareJobs } from './jobs.ts'
import { migrate } from './migrate.ts'
import { databaseUrl, dropDatabase, ensureDatabase } from './provision.ts'

const { adminUrl } = inject('postgres')
const suffix = randomUUID().replaceAll('-', '')
const owner = `owner_${suffix}`

async function asAdmin(...statements: string[]): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  for (const statement of statements) await admin.query(statement)
  await admin.end()
}

function urlOf(name: string): string {
  const url = new URL(databaseUrl(adminUrl, name))
  url.username = owner
  url.password = 'owner'
  return url.href
}

describe.each(['support', 'intelligence'])('the owner of the %s database, no superuser', (service) => {
  const name = `${service}_${suffix}`
  const url = urlOf(name)

  beforeAll(async () => {
    // The server has the two roles already, made by the template's migrations: another owner is granted them.
    await asAdmin(
      `CREATE ROLE ${owner} LOGIN CREATEROLE PASSWORD 'owner'`,
      `GRANT quimbi_app, quimbi_system TO ${owner}`,
    )
    await ensureDatabase(adminUrl, name)
    await asAdmin(`ALTER DATABASE ${name} OWNER TO ${owner}`)
  })

  afterAll(async () => {
    await dropDatabase(adminUrl, name)
    await asAdmin(`DROP ROLE ${owner}`)
  })

  it('migrates, prepares the jobs and takes both roles', async () => {
    const directory = fileURLToPath(new URL(`../../../prisma/${service}`, import.meta.url))
    expect(await migrate({ url, directory })).not.toEqual([])
    await prepareJobs(url)
    for (const role of ['quimbi_app', 'quimbi_system'] as const) {
      const pool = createPool({ url, role, max: 1 })
      await assertRowSecurity(pool)
      const { rows } = await pool.query<{ role: string }>('SELECT current_user AS role')
      expect(rows).toEqual([{ role }])
      await pool.end()
    }
  })
})
