/** A service of ours, as named by the key that signs its requests. */
export type ServiceName = 'gateway' | 'support' | 'intelligence'

export const serviceNames: readonly ServiceName[] = ['gateway', 'support', 'intelligence']

/** Roles in ascending order of authority. */
export type AgentRole = 'AGENT' | 'SENIOR_AGENT' | 'TEAM_LEAD' | 'MANAGER' | 'ADMIN'

export const agentRoles = ['AGENT', 'SENIOR_AGENT', 'TEAM_LEAD', 'MANAGER', 'ADMIN'] as const satisfies AgentRole[]

/** A person of the support team, known by an access token. */
export type AgentViewer = {
  kind: 'agent'
  tenantId: string
  agentId: string
  sessionId: string
  role: AgentRole
  expiresAt: Date
}

/** A partner's system, known by an API key. */
export type PartnerViewer = {
  kind: 'partner'
  tenantId: string
  keyId: string
  scopes: readonly string[]
  requestsPerMinute: number
}

/** One of our own services, acting for a tenant on its own account. */
export type ServiceViewer = { kind: 'service'; service: ServiceName; tenantId: string }

/** Who is asking. Every service establishes it for itself. */
export type Viewer = AgentViewer | PartnerViewer | ServiceViewer
