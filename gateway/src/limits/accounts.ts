import type { Account } from '@quimbi/service/budget.ts'
import { addressKey } from '@quimbi/service/rate-limit.ts'
import type { GatewayContext } from '../context.ts'
import type { Limits } from './limits.ts'

/** Who pays for a request: an agent and their tenant, or an address. Our own services do not: null. */
export function accountsOf(
  { facts, viewer }: Pick<GatewayContext, 'facts' | 'viewer'>,
  { agent, tenant, anonymous }: Pick<Limits, 'agent' | 'tenant' | 'anonymous'>,
): readonly Account[] | null {
  if (facts.caller || viewer?.kind === 'service') return null
  if (viewer?.kind === 'agent') {
    const whole = `{${viewer.tenantId}}`
    return [
      { key: `${whole}:agent:${viewer.agentId}`, limit: agent },
      { key: whole, limit: tenant },
    ]
  }
  return [{ key: `{address:${addressKey({ address: facts.address ?? '' })}}`, limit: anonymous }]
}
