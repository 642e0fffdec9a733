import type { Account } from '@quimbi/service/budget.ts'
import type { Purse } from '@quimbi/service/cost/cost-plugin.ts'
import { addressKey } from '@quimbi/service/rate-limit.ts'
import type { GatewayContext } from '../context.ts'
import type { Limits } from './limits.ts'

/** Who pays for a request: an agent and their tenant, or an address. Our own services do not: null. */
function accountsOf(
  { facts, viewer }: Pick<GatewayContext, 'facts' | 'viewer'>,
  { agent, tenant, anonymous }: Pick<Limits, 'agent' | 'tenant' | 'anonymous'>,
): readonly [Account, ...Account[]] | null {
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

/** The same as what is taken from and given back to; the first of the accounts is told of. */
export function purseOf(context: Parameters<typeof accountsOf>[0], limits: Limits): Purse | null {
  const accounts = accountsOf(context, limits)
  if (!accounts) return null
  return {
    limit: accounts[0].limit,
    take: (points) => limits.budget.take(accounts, points),
    give: async (points) => (await limits.budget.give(accounts, points))[0] ?? 0,
    giveLater: (points) => limits.budget.giveLater(accounts, points),
  }
}
