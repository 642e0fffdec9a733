import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@quimbi/database/port.ts'
import { noModel } from '@quimbi/intelligence/assistant/model/settings.ts'
import { serve as serveIntelligence } from '@quimbi/intelligence/server.ts'
import { generateSecrets } from '@quimbi/service/secrets.ts'
import type { Running } from '@quimbi/service/start.ts'
import { createAgent } from '@quimbi/support/agents/service.ts'
import { createCustomer } from '@quimbi/support/customers/service.ts'
import { openSupportDatabase, type SupportDatabase } from '@quimbi/support/database.ts'
import { serve as serveSupport } from '@quimbi/support/server.ts'
import { createTenant } from '@quimbi/support/tenants/service.ts'
import { createTestDatabase, type TestDatabase } from '@quimbi/testing/databases.ts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parseSecrets } from '../../scripts/lib/secrets.ts'

const login = { tenant: 'acme', email: 'admin@acme.example', password: 'correct horse battery' }

describe('Support and Intelligence as processes of their own', () => {
  const databases: TestDatabase[] = []
  const running = new Map<string, Running>()
  let database: SupportDatabase
  let customerId: string
  let token: string
  let filesDir: string

  beforeAll(async () => {
    const [support, intelligence] = await Promise.all([
      createTestDatabase('support'),
      createTestDatabase('intelligence'),
    ])
    databases.push(support, intelligence)
    database = await openSupportDatabase({ url: support.url })
    customerId = await aCustomer(database)
    const [supportPort, intelligencePort] = [await freePort(), await freePort()]
    filesDir = mkdtempSync(join(tmpdir(), 'quimbi-files-'))
    const common = { HOST: '127.0.0.1', LOG_LEVEL: 'silent', NODE_ENV: 'development', DATABASE_POOL: 5 } as const
    const config = {
      ...parseSecrets(generateSecrets()),
      ...common,
      ...noModel,
      ...{ SUPPORT_URL: `http://127.0.0.1:${supportPort}`, INTELLIGENCE_URL: `http://127.0.0.1:${intelligencePort}` },
      ...{ SUPPORT_DATABASE_URL: support.url, INTELLIGENCE_DATABASE_URL: intelligence.url },
      ...{ SUPPORT_FILES_DIR: filesDir, S3_REGION: 'us-east-1' },
    }
    running.set('intelligence', await serveIntelligence({ ...config, PORT: intelligencePort }))
    running.set('support', await serveSupport({ ...config, PORT: supportPort }))
    const query = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }'
    token = (await post<{ login: { accessToken: string } }>(query, { input: login })).login.accessToken
  })

  afterAll(async () => {
    for (const name of ['support', 'intelligence']) await stop(name)
    await database.close()
    for (const one of databases) await one.drop()
    rmSync(filesDir, { recursive: true, force: true })
  })

  async function stop(name: string): Promise<void> {
    for (const stoppable of running.get(name)?.stoppables ?? []) await stoppable.stop()
    running.delete(name)
  }

  async function post<T>(query: string, variables: object): Promise<T> {
    const response = await fetch(`${running.get('support')?.url}/graphql`, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', connection: 'close' },
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, variables }),
    })
    const { data, errors } = (await response.json()) as { data: T; errors?: object[] }
    expect(errors).toBeUndefined()
    return data
  }

  /** What the customer writes; the id of the ticket that it opened. */
  async function arrive(initialMessage: string): Promise<string> {
    const query =
      'mutation ($input: CreateTicketInput!) { createTicket(input: $input) { ticket { id } userErrors { code } } }'
    const input = { customerId, subject: 'Hello', channel: 'EMAIL', initialMessage }
    return (await post<{ createTicket: { ticket: { id: string } } }>(query, { input })).createTicket.ticket.id
  }

  /** Support's calls of Intelligence so far, as its metrics tell. */
  async function calls(dependency: string, outcome: string): Promise<number> {
    const response = await fetch(`${running.get('support')?.url}/metrics`, { headers: { connection: 'close' } })
    const lines = (await response.text()).split('\n').filter((line) => line.startsWith('quimbi_breaker_calls_total'))
    const labels = [`service="support"`, `dependency="${dependency}"`, `outcome="${outcome}"`]
    return Number(lines.find((line) => labels.every((label) => line.includes(label)))?.split(' ')[1] ?? 0)
  }

  it('read what arrives over the signed channel', async () => {
    const id = await arrive('I want my money back for order #10442 asap!')
    await vi.waitFor(
      async () =>
        expect(await database.system.ticket.findFirstOrThrow({ where: { id } })).toMatchObject({
          ...{ intent: 'refund_request', category: 'refund', tags: ['urgent'], orderNumbers: ['10442'] },
        }),
      30_000,
    )
    expect(await calls('triage', 'ok')).toBeGreaterThan(0)
  })

  it('write down all that both know of a person', async () => {
    const query = `mutation ($input: EraseCustomerInput!) { exportCustomerData(input: $input) { url userErrors { code } } }`
    const told = async () => {
      const { exportCustomerData } = await post<{ exportCustomerData: { url: string } }>(query, {
        input: { id: customerId },
      })
      const response = await fetch(exportCustomerData.url, { headers: { connection: 'close' } })
      return (await response.json()) as { customer: object; intelligence: object | null }
    }
    await vi.waitFor(
      async () => expect(await told()).toMatchObject({ intelligence: { customer: { id: customerId } } }),
      30_000,
    )
    const door = `${running.get('intelligence')?.url}/internal/person`
    const headers = { 'content-type': 'application/json', connection: 'close' }
    const response = await fetch(door, { method: 'POST', headers, body: JSON.stringify({ customerId }) })
    expect(response.status).toBe(401)
    await response.text()
  })

  it('take in what arrives while Intelligence is away, and tell how often it was', async () => {
    const before = await calls('insight', 'failed')
    await stop('intelligence')
    const id = await arrive('Where is my parcel?')
    const query = 'query ($id: ID!) { ticket(id: $id) { subject messages { nodes { content } } } }'
    expect(await post(query, { id })).toEqual({
      ticket: { subject: 'Hello', messages: { nodes: [{ content: 'Where is my parcel?' }] } },
    })
    expect(await calls('insight', 'failed')).toBe(before + 1)
    await vi.waitFor(async () => expect(await calls('triage', 'failed')).toBeGreaterThan(0), 30_000)
  })
})

async function aCustomer(database: SupportDatabase): Promise<string> {
  const now = new Date()
  const tenant = { slug: login.tenant, name: 'Acme', currencyCode: 'EUR', timeZone: 'Europe/Berlin' }
  const { id: tenantId } = await database.system.$transaction((tx) => createTenant(tx, tenant, now))
  const viewer = { kind: 'service', service: 'support', tenantId } as const
  return database.transact(tenantId, async (tx) => {
    await createAgent(tx, viewer, { name: 'Admin', email: login.email, password: login.password, role: 'ADMIN' }, now)
    return (await createCustomer(tx, viewer, { name: 'Mia' }, now)).id
  })
}
