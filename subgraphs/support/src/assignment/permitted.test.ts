import { agentRoles, type AgentRole, type Viewer } from '@quimbi/service/viewer.ts'
import { describe, expect, it } from 'vitest'
import { mayAssign } from './permitted.ts'

const me = (role: AgentRole): Viewer => ({
  kind: 'agent',
  tenantId: 't',
  agentId: 'me',
  sessionId: 's',
  role,
  expiresAt: new Date(0),
})
/** Whose it is, and whose it is to be. */
const cells = [
  [null, 'me'],
  [null, 'other'],
  ['me', null],
  ['me', 'other'],
  ['other', 'me'],
  ['other', null],
] as const

describe('who may assign', () => {
  it.each(agentRoles)('%s takes nobody’s and gives one’s own back; the rest is for team leads', (role) => {
    const allowed = cells.filter(([assigneeId, agentId]) => mayAssign(me(role), { assigneeId }, agentId))
    const isLead = !['AGENT', 'SENIOR_AGENT'].includes(role)
    expect(allowed).toEqual(isLead ? cells : [cells[0], cells[2]])
  })

  it('our own services assign anybody, a partner nobody', () => {
    const partner: Viewer = { kind: 'partner', tenantId: 't', keyId: 'k', scopes: [], requestsPerMinute: 1_000 }
    for (const [assigneeId, agentId] of cells) {
      expect(mayAssign({ kind: 'service', service: 'gateway', tenantId: 't' }, { assigneeId }, agentId)).toBe(true)
      expect(mayAssign(partner, { assigneeId }, agentId)).toBe(false)
    }
  })
})
