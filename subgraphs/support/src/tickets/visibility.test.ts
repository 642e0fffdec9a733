import { agentRoles, type AgentRole, type Viewer } from '@quimbi/service/viewer.ts'
import { describe, expect, it } from 'vitest'
import { visibleTickets } from './visibility.ts'

const agent = (role: AgentRole): Viewer => ({
  kind: 'agent',
  tenantId: 't',
  agentId: 'me',
  sessionId: 's',
  role,
  expiresAt: new Date(0),
})

describe('the tickets that somebody may see', () => {
  it('are their own and nobody’s for the role AGENT', () => {
    expect(visibleTickets(agent('AGENT'))).toEqual({ OR: [{ assigneeId: 'me' }, { assigneeId: null }] })
  })

  it('are all for every other role and for our own services', () => {
    const others = agentRoles.filter((role) => role !== 'AGENT').map(agent)
    const service: Viewer = { kind: 'service', service: 'intelligence', tenantId: 't' }
    expect([...others, service].map(visibleTickets)).toEqual([{}, {}, {}, {}, {}])
  })

  it('are none for a partner', () => {
    expect(
      visibleTickets({ kind: 'partner', tenantId: 't', keyId: 'k', scopes: [], requestsPerMinute: 1_000 }),
    ).toEqual({ id: { in: [] } })
  })
})
