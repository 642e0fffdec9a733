import type { Tenant, Ticket } from '../generated/prisma/client.ts'
import type { RuleInput } from '../src/automation/service.ts'
import { updateTicket, type TicketUpdate } from '../src/tickets/update.ts'
import { serviceOf, type Ask, type TestSupport } from './kit.ts'

export const saveRule = `mutation ($input: SaveAutomationRuleInput!) { saveAutomationRule(input: $input) {
  rule { id name order isActive trigger conditions actions firedCount lastFiredAt } userErrors { code path message } } }`

export type SavedRule = { saveAutomationRule: { rule: { id: string } | null; userErrors: { code: string }[] } }

export const rule = (rule: Partial<RuleInput> & Pick<RuleInput, 'trigger' | 'actions'>): RuleInput => ({
  name: 'A rule',
  order: 1,
  conditions: {},
  ...rule,
})

export async function addRule(ask: Ask, input: RuleInput): Promise<string> {
  const { data, errors } = await ask<SavedRule>(saveRule, { input })
  const saved = data?.saveAutomationRule.rule
  if (!saved) throw new Error(JSON.stringify(data?.saveAutomationRule.userErrors ?? errors))
  return saved.id
}

/** Lets the rules react to all that there is, also to what they did themselves. */
export async function settled(support: TestSupport): Promise<void> {
  const count = async () => (await support.asOwner<{ count: string }>('SELECT count(*) FROM event_log'))[0]?.count
  for (let last: string | undefined; ;) {
    await support.module.settle()
    const now = await count()
    if (now === last) return
    last = now
  }
}

type Logged = {
  type: string
  payload: { depth?: number; causedBy?: string; actor: object; changes: object[]; data?: Record<string, unknown> }
}

/** What stands in the log of a ticket, but for SLA clocks and ranks. */
export const logOf = (support: TestSupport, { id }: Ticket): Promise<(Logged & { eventId: string })[]> =>
  support.asOwner(
    `SELECT event_id AS "eventId", type, payload FROM event_log
    WHERE ticket_id = $1 AND type NOT LIKE 'SLA%' AND type <> 'RERANKED' ORDER BY sequence`,
    [id],
  )

export const ticketNow = (support: TestSupport, { tenantId, id }: Ticket): Promise<Ticket> =>
  support.database.forTenant(tenantId).ticket.findFirstOrThrow({ where: { tenantId, id } })

export const change = (support: TestSupport, { tenantId, id }: Ticket, patch: Omit<TicketUpdate, 'id'>) =>
  support.database.transact(tenantId, (tx) =>
    updateTicket(tx, serviceOf(tenantId), { id, ...patch }, support.clock.now()),
  )

/** A tenant with a manager, who asks. */
export async function aShop(support: TestSupport): Promise<{ tenant: Tenant; ask: Ask }> {
  const tenant = await support.aTenant()
  return { tenant, ask: await support.asAgent(await support.anAgent(tenant, { role: 'MANAGER' })) }
}
