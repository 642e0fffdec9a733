import type { Ticket } from '../../generated/prisma/client.ts'
import { lockCandidates, noteTurn } from '../assignment/candidates.ts'
import { choose, type Candidate } from '../assignment/choose.ts'
import type { Db } from '../database.ts'
import { isVip } from '../insight/vip.ts'
import type { CustomerFacts } from '../tickets/change-store.ts'
import type { TenantConfig } from '../tenants/config.ts'
import type { Means, Wish } from './actions.ts'

type Surroundings = {
  tenantId: string
  now: Date
  customer: Pick<CustomerFacts, 'isVip' | 'churnRisk' | 'lifetimeValue'>
  tenant: TenantConfig['tenant']
}

const isSenior = ({ role }: { role: string }): boolean => role !== 'AGENT'

/** Whom a rule gives a ticket: never beyond their capacity, and nobody who takes no tickets. */
export const picker =
  (tx: Db, { tenantId, now, customer, tenant }: Surroundings): Means['pick'] =>
  async (ticket, wish) => {
    if (wish.isSenior && (await isWithSenior(tx, ticket))) return null
    const queue = ticket.queueId ? await tx.queue.findFirst({ where: { tenantId, id: ticket.queueId } }) : null
    const isNamed = wish.agentId !== undefined || wish.isSenior === true
    const candidates = await lockCandidates(tx, tenantId, isNamed ? null : (ticket.teamId ?? queue?.teamId ?? null))
    const wanted = {
      skills: [...(isNamed ? [] : (queue?.skills ?? [])), ...(wish.skills ?? [])],
      topics: [...ticket.tags, ...(ticket.category === null ? [] : [ticket.category])],
      isVip: isVip(customer, tenant),
      churnRisk: customer.churnRisk,
    }
    const fitting = candidates.filter((one) => fits(one, wish))
    const choice = choose(fitting, wanted, wish.strategy)
    if (choice && !isNamed) await noteTurn(tx, tenantId, choice.agentId, now)
    return choice
  }

const fits = (candidate: Candidate, { agentId, isSenior: senior }: Wish): boolean =>
  agentId === undefined ? !senior || isSenior(candidate) : candidate.id === agentId

async function isWithSenior(tx: Db, { tenantId, assigneeId: id }: Ticket): Promise<boolean> {
  if (id === null) return false
  const agent = await tx.agent.findFirst({ where: { tenantId, id, isActive: true }, select: { role: true } })
  return agent !== null && isSenior(agent)
}
