import type { Tenant, Ticket } from '../generated/prisma/client.ts'
import type { TicketEventPayload } from '../src/log/ticket-events.ts'
import type { AgentRole } from '@quimbi/service/viewer.ts'
import type { Answer, Ask, TestAgent, TestSupport } from './kit.ts'

export type Entry = { type: string; ticketId: string; payload: TicketEventPayload }

/** A shop with an administrator who asks. */
export type Shop = { tenant: Tenant; agent: TestAgent; ask: Ask }

export async function aShop(support: TestSupport, role: AgentRole = 'ADMIN'): Promise<Shop> {
  const tenant = await support.aTenant()
  const agent = await support.anAgent(tenant, { role })
  return { tenant, agent, ask: await support.asAgent(agent) }
}

/** What a ticket's log holds so far, in order; SLA clocks and ranks left out, they follow by themselves. */
export async function historyOf(
  support: TestSupport,
  { tenantId, id }: Pick<Ticket, 'tenantId' | 'id'>,
): Promise<Entry[]> {
  await support.module.sequence()
  const entries = await support.database
    .forTenant(tenantId)
    .loggedEvent.findMany({ where: { tenantId, ticketId: id }, orderBy: { sequence: 'asc' } })
  return entries
    .map(({ type, ticketId, payload }) => ({ type, ticketId, payload }) as unknown as Entry)
    .filter(({ type }) => type !== 'RERANKED' && !type.startsWith('SLA_'))
}

/** How many entries the tenant's log has, whatever they tell. */
export async function lengthOf(support: TestSupport, tenant: Tenant): Promise<number> {
  await support.module.sequence()
  return support.database.forTenant(tenant.id).loggedEvent.count({ where: { tenantId: tenant.id } })
}

type Change = { ticket: Record<string, unknown> | null; userErrors: { code: string; path: string[] | null }[] }

/** Calls a mutation that changes one ticket. */
export async function change(
  ask: Ask,
  name: string,
  input: object,
  fields = 'id status waitingOn priority subject category tags { name }',
): Promise<Change> {
  const type = name === 'untagTicket' ? 'TagTicketInput' : `${name[0]?.toUpperCase()}${name.slice(1)}Input`
  const answer: Answer<Record<string, Change>> = await ask(
    `mutation ($input: ${type}!) { ${name}(input: $input) { ticket { ${fields} } userErrors { code path } } }`,
    { input: JSON.parse(JSON.stringify(input)) },
  )
  if (answer.errors.length > 0) throw new Error(JSON.stringify(answer.errors))
  return answer.data?.[name] as Change
}
