import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AgentViewer, Viewer } from '@quimbi/service/viewer.ts'
import type { Tenant } from '../generated/prisma/client.ts'
import { createLoaders } from '../src/loaders.ts'
import { openSupport, type TestAgent, type TestSupport } from './kit.ts'

// What each request reads is read by statements of our own: they must give what the generated client would.

let support: TestSupport
let tenant: Tenant
let agent: TestAgent
beforeAll(async () => {
  support = await openSupport()
  tenant = await support.aTenant()
  agent = await support.anAgent(tenant)
})
afterAll(() => support.close())

const service = (): Viewer => ({ kind: 'service', service: 'support', tenantId: tenant.id })
const loadersOf = (viewer: Viewer) => createLoaders(support.database.forTenant(viewer.tenantId), viewer)
const db = () => support.database.forTenant(tenant.id)

it('a customer, an agent and a ticket are the rows that the client gives, to the type', async () => {
  const { id: customerId } = await support.aCustomer(tenant)
  const ticket = await support.aTicket(tenant, { customerId })
  await support.asOwner(
    `UPDATE customer SET churn_risk = 0.25, lifetime_value = 12.50, tags = '{a,b}', insight_at = now(), last_contact_at = now() WHERE id = $1`,
    [customerId],
  )
  const loaders = loadersOf(service())
  const where = (id: string) => ({ where: { tenantId: tenant.id, id } })
  const [ofCustomer, ofAgent, ofTicket] = await Promise.all([
    loaders.customerById.load(customerId),
    loaders.agentById.load(agent.id),
    loaders.ticketById.load(ticket.id),
  ])
  expect(ofCustomer).toStrictEqual(await db().customer.findFirst(where(customerId)))
  expect(ofAgent).toStrictEqual(await db().agent.findFirst(where(agent.id)))
  expect(ofTicket).toStrictEqual(await db().ticket.findFirst(where(ticket.id)))
})

it('an agent loads own and unassigned tickets, nobody else’s, and a partner none', async () => {
  const other = await support.anAgent(tenant)
  const { id: customerId } = await support.aCustomer(tenant)
  const [own, free, theirs] = [
    await support.aTicket(tenant, { customerId }),
    await support.aTicket(tenant, { customerId }),
    await support.aTicket(tenant, { customerId }),
  ]
  const give = (id: string, to: string | null) =>
    support.asOwner('UPDATE ticket SET assignee_id = $2 WHERE id = $1', [id, to])
  await give(own.id, agent.id)
  await give(free.id, null)
  await give(theirs.id, other.id)
  const viewer: AgentViewer = {
    kind: 'agent',
    tenantId: tenant.id,
    agentId: agent.id,
    sessionId: agent.id,
    role: 'AGENT',
    expiresAt: new Date(8.64e15),
  }
  const ids = [own.id, free.id, theirs.id, 'no id']
  const loaded = async (by: Viewer) => (await loadersOf(by).ticketById.loadMany(ids)).map((row) => row !== null)
  expect(await loaded(viewer)).toEqual([true, true, false, false])
  expect(await loaded({ ...viewer, role: 'SENIOR_AGENT' })).toEqual([true, true, true, false])
  const partner = { kind: 'partner', tenantId: tenant.id, keyId: agent.id, scopes: [], requestsPerMinute: 1 } as const
  expect(await loaded(partner)).toEqual([false, false, false, false])
})

it('another tenant’s rows are none', async () => {
  const { id: customerId } = await support.aCustomer(tenant)
  const ticket = await support.aTicket(tenant, { customerId })
  const other = await support.aTenant()
  const loaders = loadersOf({ kind: 'service', service: 'support', tenantId: other.id })
  expect(await loaders.ticketById.load(ticket.id)).toBeNull()
  expect(await loaders.agentById.load(agent.id)).toBeNull()
  expect(await loaders.customerById.load(customerId)).toMatchObject({ name: null, tenantId: other.id })
})
