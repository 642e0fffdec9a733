import { execFileSync, spawnSync } from 'node:child_process'
import { chmod, chown, mkdir, mkdtemp, open, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { available } from '@quimbi/testing/availability.ts'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBinaries } from './binaries.ts'
import { initialise, readPassword } from './cluster.ts'
import { createPool } from './connect.ts'
import { freePort } from './port.ts'
import { postgresUser } from './postgres-user.ts'
import { postmasterOf } from './postmaster.ts'
import { settings } from './settings.ts'
import { startSupervised, type Supervised } from './supervisor.ts'

const program = 'openssl'
const hasOpenssl = available(program, spawnSync(program, ['version']).status === 0)

let folder: string
let server: Supervised
let address: string

const openssl = (...args: string[]) => void execFileSync(program, args, { cwd: folder, stdio: 'pipe' })
const ellipticKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc']

function makeAuthority(name: string): void {
  openssl('req', '-x509', ...ellipticKey, '-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', `/CN=${name}`)
}

/** A server that takes nobody without TLS; its certificate, of our own authority, is for `localhost` alone. */
async function startServer(): Promise<void> {
  makeAuthority('authority')
  makeAuthority('stranger')
  await writeFile(join(folder, 'names'), 'subjectAltName=DNS:localhost')
  openssl('req', ...ellipticKey, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost')
  const signer = ['-CA', 'authority.pem', '-CAkey', 'authority.key', '-CAcreateserial', '-extfile', 'names']
  openssl('x509', '-req', '-in', 'server.csr', ...signer, '-out', 'server.pem')
  const rules = join(folder, 'hba.conf')
  await writeFile(rules, 'hostssl all all 127.0.0.1/32 scram-sha-256\n')

  const dataDir = join(folder, 'postgres')
  await mkdir(dataDir)
  const user = await postgresUser(join(dataDir, 'data'))
  const binaries = await findBinaries(user)
  const data = await initialise(dataDir, { binaries, user, durable: false })
  const key = join(folder, 'server.key')
  await chmod(key, 0o600)
  if (user) await chown(key, user.uid, user.gid)

  const port = await freePort()
  const tls = { ssl: 'on', ssl_cert_file: join(folder, 'server.pem'), ssl_key_file: key, hba_file: rules }
  const more = Object.entries(tls).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const log = await open(join(folder, 'log'), 'w')
  server = startSupervised(binaries.postgres, ['-D', data, ...settings(port, false), ...more], { log: log.fd, user })
  await log.close()
  while ((await postmasterOf(data))?.status !== 'ready') {
    if (await Promise.race([server.exited.then(() => true), delay(20, false)])) {
      throw new Error(`PostgreSQL did not start:\n${await readFile(join(folder, 'log'), 'utf8')}`)
    }
  }
  address = `postgresql://postgres:${await readPassword(dataDir)}@localhost:${port}/postgres`
}

/** Whether the connection that a URL leads to is encrypted; rejects when there is none. */
async function isEncrypted(url: string): Promise<boolean | undefined> {
  const pool = createPool({ url, role: 'quimbi_app', max: 1 })
  try {
    const { rows } = await pool.query<{ ssl: boolean }>('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')
    return rows[0]?.ssl
  } finally {
    await pool.end()
  }
}

const verified = (authority: string) => `sslmode=verify-full&sslrootcert=${join(folder, authority)}`

describe.skipIf(!hasOpenssl)('database TLS by the URL', () => {
  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'tls-')))
    await chmod(folder, 0o755)
    await startServer()
    const owner = new pg.Client({ connectionString: `${address}?${verified('authority.pem')}` })
    await owner.connect()
    await owner.query('CREATE ROLE quimbi_app NOLOGIN IN ROLE pg_read_all_stats')
    await owner.end()
  })

  afterAll(async () => {
    await server?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('encrypts where its authority vouches for the server', async () => {
    expect(await isEncrypted(`${address}?${verified('authority.pem')}`)).toBe(true)
  })

  it('refuses a server that another authority vouches for', async () => {
    const error = { code: expect.stringMatching(/SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/) as string }
    await expect(isEncrypted(`${address}?${verified('stranger.pem')}`)).rejects.toMatchObject(error)
  })

  it('refuses a server whose certificate is for another name', async () => {
    const byNumber = address.replace('@localhost:', '@127.0.0.1:')
    const error = { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }
    await expect(isEncrypted(`${byNumber}?${verified('authority.pem')}`)).rejects.toMatchObject(error)
  })

  it('is demanded by the server: nobody gets in without', async () => {
    await expect(isEncrypted(address)).rejects.toThrow('no encryption')
  })
})
