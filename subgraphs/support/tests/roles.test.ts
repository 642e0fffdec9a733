import { agentRoles, type AgentRole } from '@quimbi/service/viewer.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tenant } from '../generated/prisma/client.ts'
import { resolvers } from '../src/schema.ts'
import { codesOf, openSupport, password, type Ask, type TestAgent, type TestSupport } from './kit.ts'
import { operationNames, operationOf } from './operations.ts'

const everyone = agentRoles
const leads: readonly AgentRole[] = ['TEAM_LEAD', 'MANAGER', 'ADMIN']
const managers: readonly AgentRole[] = ['MANAGER', 'ADMIN']
const admins: readonly AgentRole[] = ['ADMIN']

/** Who may call what is about no single ticket; everybody else gets FORBIDDEN. */
const queries: Record<string, readonly AgentRole[]> = {
  viewer: everyone,
  agent: everyone,
  agents: everyone,
  teams: everyone,
  customer: everyone,
  customerByExternalRef: everyone,
  customers: everyone,
  inbox: everyone,
  ticket: everyone,
  ticketByNumber: everyone,
  tickets: everyone,
  searchTickets: everyone,
  queues: everyone,
  events: everyone,
  topicAlerts: everyone,
  suggestedTopicAlerts: everyone,
  notifications: everyone,
  policies: leads,
  slaPolicies: leads,
  businessCalendars: leads,
  automationRules: leads,
  automationDryRun: leads,
  webhookEndpoints: leads,
  supportMetrics: leads,
  auditLog: managers,
}
const mutations: Record<string, readonly AgentRole[]> = {
  login: everyone,
  logout: everyone,
  changePassword: everyone,
  setAgentStatus: everyone,
  createAgent: managers,
  updateAgent: leads,
  deactivateAgent: managers,
  reactivateAgent: managers,
  saveTeam: managers,
  deleteTeam: managers,
  createCustomer: everyone,
  updateCustomer: everyone,
  mergeCustomers: ['SENIOR_AGENT', ...leads],
  exportCustomerData: managers,
  eraseCustomer: admins,
  createTicket: everyone,
  deleteTicket: admins,
  autoAssignTicket: leads,
  assignNextTicket: leads,
  receiveMessage: everyone,
  requestUpload: everyone,
  markNotificationsRead: everyone,
  recordDraftUse: everyone,
  recordSatisfaction: everyone,
  saveTopicAlert: everyone,
  deleteTopicAlert: everyone,
  updateTenantSettings: managers,
  savePolicy: managers,
  saveQueue: managers,
  deleteQueue: managers,
  saveBusinessCalendar: managers,
  saveSlaPolicy: managers,
  saveAutomationRule: managers,
  deleteAutomationRule: managers,
  saveWebhookEndpoint: managers,
  deleteWebhookEndpoint: managers,
  clearDemoData: admins,
  advanceDemoClock: managers,
}

/** What changes one ticket, and where its id goes (`twin`: another one, of the same customer and agent): an agent's own only, others' by whoever may change all. */
const updates: Record<string, (id: string, twin: string) => Record<string, unknown>> = {
  updateTicket: (id) => ({ id, category: 'billing' }),
  setTicketStatus: (id) => ({ id, status: 'CLOSED' }),
  mergeTickets: (fromId, intoId) => ({ fromId, intoId }),
  splitTicket: (id) => ({ id, messageIds: [] }),
  snoozeTicket: (id) => ({ id }),
  scheduleFollowUp: (id) => ({ id }),
  cancelFollowUp: (id) => ({ id }),
  tagTicket: (id) => ({ id }),
  untagTicket: (id) => ({ id }),
  escalateTicket: (id) => ({ id }),
  completeAction: (id) => ({ ticketId: id }),
  sendMessage: (ticketId) => ({ ticketId, idempotencyKey: ticketId }),
  addNote: (id) => ({ ticketId: id }),
  assignTicket: (id) => ({ id, agentId: null }),
}
/** About messages, decisions, presence and many tickets at once: these say what else they refuse where they are tested. */
const elsewhere = [
  'transferTicket',
  'bulkUpdateTickets',
  'editMessage',
  'deleteMessage',
  'recallMessage',
  'undoDecision',
  'setPresence',
  'addDemoMessage',
  'resetDemoConversation',
]

/** Operations that have a resolver. */
const built = (type: 'Query' | 'Mutation'): Set<string> =>
  new Set(
    resolvers.flatMap((module) => (type in module ? Object.keys((module as Record<string, object>)[type] ?? {}) : [])),
  )
const [builtQueries, builtMutations] = [built('Query'), built('Mutation')]

let support: TestSupport
let tenant: Tenant
let asked: Record<AgentRole, { agent: TestAgent; ask: Ask }>
beforeAll(async () => {
  support = await openSupport()
  tenant = await support.aTenant()
  const one = async (role: AgentRole) => {
    const agent = await support.anAgent(tenant, { role })
    return { agent, ask: await support.asAgent(agent) }
  }
  asked = {
    AGENT: await one('AGENT'),
    SENIOR_AGENT: await one('SENIOR_AGENT'),
    TEAM_LEAD: await one('TEAM_LEAD'),
    MANAGER: await one('MANAGER'),
    ADMIN: await one('ADMIN'),
  }
})
afterAll(() => support.close())

/** All the codes that an operation was answered with. */
async function codes(
  ask: Ask,
  kind: 'query' | 'mutation',
  name: string,
  given: Record<string, unknown> = {},
): Promise<unknown[]> {
  const { query, variables } = operationOf(support.module.subgraph.schema, kind, name, given)
  const answer = await ask<Record<string, { userErrors?: { code: string }[] } | null>>(query, variables)
  return [...codesOf(answer), ...(answer.data?.[name]?.userErrors ?? []).map(({ code }) => code)]
}

describe('the table of roles', () => {
  it('speaks of every query and mutation', () => {
    const { schema } = support.module.subgraph
    const listed = [...Object.keys(mutations), ...Object.keys(updates), ...elsewhere]
    expect(operationNames(schema, 'query').toSorted()).toEqual(Object.keys(queries).toSorted())
    expect(operationNames(schema, 'mutation').toSorted()).toEqual(listed.toSorted())
  })

  it.each(Object.entries(queries).filter(([name]) => builtQueries.has(name)))(
    'lets read %s: %j',
    async (name, roles) => {
      const allowed = []
      for (const role of agentRoles)
        if (!(await codes(asked[role].ask, 'query', name)).includes('FORBIDDEN')) allowed.push(role)
      expect(allowed).toEqual(roles)
    },
  )

  it.each(Object.entries(mutations).filter(([name]) => builtMutations.has(name)))(
    'lets call %s: %j',
    async (name, roles) => {
      const allowed = []
      for (const role of agentRoles) {
        // What ends or changes the caller's own session must not end those of the other cells.
        const { agent, ask } =
          name === 'logout' ? { ...asked[role], ask: await support.asAgent(asked[role].agent) } : asked[role]
        const given = name === 'changePassword' ? { currentPassword: password, newPassword: `${password}!` } : {}
        if (!(await codes(ask, 'mutation', name, given)).includes('FORBIDDEN')) allowed.push(role)
        if (name === 'changePassword')
          await codes(ask, 'mutation', name, { currentPassword: `${password}!`, newPassword: agent.password })
      }
      expect(allowed).toEqual(roles)
    },
  )

  it.each(Object.keys(updates).filter((name) => builtMutations.has(name)))(
    'lets %s one’s own tickets, and all from SENIOR_AGENT on; nobody’s must be taken first, a colleague’s is not there',
    async (name) => {
      const isAssigning = name === 'assignTicket'
      // Who answers what nobody has, takes it; giving back what nobody has changes nothing.
      const isTaking = isAssigning || name === 'sendMessage'
      for (const role of agentRoles) {
        const { agent, ask } = asked[role]
        const colleague = asked[role === 'ADMIN' ? 'MANAGER' : 'ADMIN'].agent
        const cells: Record<string, unknown> = {}
        for (const [whose, assigneeId] of [
          ['own', agent.id],
          ['nobody’s', null],
          ['a colleague’s', colleague.id],
        ] as const) {
          const ticket = await support.aTicket(tenant, {}, { assigneeId })
          const { customerId } = ticket
          const twin = name === 'mergeTickets' ? await support.aTicket(tenant, { customerId }, { assigneeId }) : ticket
          const answered = await codes(ask, 'mutation', name, updates[name]?.(ticket.id, twin.id))
          cells[whose] = answered.find((code) => code === 'FORBIDDEN' || code === 'NOT_FOUND') ?? 'allowed'
        }
        // Giving back is assigning: what is a colleague's takes who may assign others.
        const confined = {
          own: 'allowed',
          'nobody’s': isTaking ? 'allowed' : 'FORBIDDEN',
          'a colleague’s': 'NOT_FOUND',
        }
        const all = { own: 'allowed', 'nobody’s': 'allowed', 'a colleague’s': 'allowed' }
        const senior = isAssigning ? { ...all, 'a colleague’s': 'FORBIDDEN' } : all
        expect([role, cells]).toEqual([role, role === 'AGENT' ? confined : role === 'SENIOR_AGENT' ? senior : all])
      }
    },
  )

  it('is what the viewer’s permissions say', async () => {
    const said = async (role: AgentRole) => {
      const { data } = await asked[role].ask<{ viewer: { permissions: string[] } }>('{ viewer { permissions } }')
      return data!.viewer.permissions.length
    }
    const counts = await Promise.all(agentRoles.map(said))
    expect(counts).toEqual([5, 7, 11, 14, 16])
    const { data } = await asked.AGENT.ask('{ viewer { permissions } }')
    const own = ['ticket:read_own', 'ticket:update_own', 'ticket:take', 'customer:write', 'agent:own_status']
    expect(data).toEqual({ viewer: { permissions: own } })
    const gateway = support.asGateway({ tenantId: tenant.id })
    const service = await gateway<{ viewer: { permissions: string[] } }>('{ viewer { permissions } }')
    expect(service.data!.viewer.permissions).toContain('ticket:delete')
  })
})
