import { agentRoles, type AgentRole, type Viewer } from '@quimbi/service/viewer.ts'
import { describe, expect, it } from 'vitest'
import { mayAppoint } from './authority.ts'

const agent = (role: AgentRole): Viewer => ({
  kind: 'agent',
  tenantId: 't',
  agentId: 'a',
  sessionId: 's',
  role,
  expiresAt: new Date(0),
})
const appointedBy = (viewer: Viewer) => agentRoles.filter((role) => mayAppoint(viewer, role))

describe('whom somebody may add to the team', () => {
  it.each([
    ['AGENT', []],
    ['SENIOR_AGENT', []],
    ['TEAM_LEAD', []],
    ['MANAGER', ['AGENT', 'SENIOR_AGENT', 'TEAM_LEAD']],
    ['ADMIN', agentRoles],
  ] as const)('the role %s: %j', (role, appointed) => {
    expect(appointedBy(agent(role))).toEqual(appointed)
  })

  it('our own services: anybody; a partner: nobody', () => {
    expect(appointedBy({ kind: 'service', service: 'gateway', tenantId: 't' })).toEqual(agentRoles)
    expect(appointedBy({ kind: 'partner', tenantId: 't', keyId: 'k', scopes: [], requestsPerMinute: 1_000 })).toEqual(
      [],
    )
  })
})
