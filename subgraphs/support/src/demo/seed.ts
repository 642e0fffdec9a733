import { newId, withIds } from '@quimbi/database/ids.ts'
import type { AgentViewer } from '@quimbi/service/viewer.ts'
import { createAgent } from '../agents/service.ts'
import { importCustomers } from '../customers/import.ts'
import type { SupportDatabase } from '../database.ts'
import { createTenant } from '../tenants/service.ts'
import { importTickets } from '../tickets/import.ts'
import type { TicketRecord } from '../tickets/record.ts'
import { keepBusy } from './busy.ts'
import { createIds } from './ids.ts'
import { furnish } from './office.ts'
import { rate } from './ratings.ts'
import { demoCustomerCount, demoSource, demoWorld } from './world.ts'

/** Who may log in to the demo. Its server listens on this machine only, unless told otherwise. */
export const demoLogin = { tenant: 'demo', email: 'maya@demo.example', password: 'quimbi-demo' } as const

const team = [
  { name: 'Maya Lindqvist', email: demoLogin.email, role: 'ADMIN', skills: ['refund', 'shipping'] },
  { name: 'Theo Brandt', email: 'theo@demo.example', role: 'TEAM_LEAD', skills: ['damaged'] },
  { name: 'Inés Carvalho', email: 'ines@demo.example', role: 'SENIOR_AGENT', skills: ['refund', 'payment'] },
  { name: 'Ravi Menon', email: 'ravi@demo.example', role: 'AGENT', skills: ['shipping'] },
  { name: 'Lucy Adeyemi', email: 'lucy@demo.example', role: 'AGENT', skills: ['account'] },
] as const

/** How long the demo's office has been as it is. */
const openFor = 60 * 86_400_000

export type DemoTenant = { tenantId: string; source: string; customerCount: number }

/**
 * Makes the demo tenant with its team, customers and tickets; null if it is there already. The same seed and `now` make the same world; its
 * ids are the same whenever it is made.
 */
export async function seedDemo(database: SupportDatabase, now: Date, seed = 1): Promise<DemoTenant | null> {
  const { system } = database
  if (await system.tenant.findFirst({ where: { slug: demoLogin.tenant } })) return null
  return withIds(createIds(seed), () => makeWorld(database, now, seed))
}

async function makeWorld(database: SupportDatabase, now: Date, seed: number): Promise<DemoTenant> {
  const tenant = await database.system.$transaction((tx) =>
    createTenant(
      tx,
      { slug: demoLogin.tenant, name: 'Quimbi Home', currencyCode: 'USD', timeZone: 'America/New_York', isDemo: true },
      now,
    ),
  )
  const viewer = { kind: 'service', service: 'support', tenantId: tenant.id } as const
  await database.transact(tenant.id, async (tx) => {
    const agents = new Map<string, AgentViewer>()
    for (const { role, ...agent } of team) {
      const { id: agentId } = await createAgent(tx, viewer, { ...agent, role, password: demoLogin.password }, now)
      agents.set(agent.email, { kind: 'agent', tenantId: tenant.id, agentId, role, sessionId: agentId, expiresAt: now })
    }
    await furnish(tx, viewer, agents, new Date(now.getTime() - openFor))
    const { customers, tickets } = demoWorld(seed, now, [team[0].email, team[2].email, team[3].email])
    await importCustomers(tx, tenant.id, customers, now)
    await importTickets(tx, tenant.id, tickets.map(withOwnIds), now)
    await rate(tx, tenant.id, now)
    const [lead, colleague] = [agents.get(team[0].email), agents.get(team[2].email)]
    if (lead && colleague) await keepBusy({ tx, viewer, lead, colleague, now })
  })
  return { tenantId: tenant.id, source: demoSource, customerCount: demoCustomerCount }
}

/** Those that a record leaves out follow from its time, and so from when the world is made. */
const withOwnIds = (ticket: TicketRecord): TicketRecord => ({
  ...ticket,
  id: newId(),
  messages: (ticket.messages ?? []).map((message) => ({ ...message, id: newId() })),
})
