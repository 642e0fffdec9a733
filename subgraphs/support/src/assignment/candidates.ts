import { accepting } from '../agents/list.ts'
import { loadsOf } from '../agents/workload.ts'
import type { Db } from '../database.ts'
import type { Candidate } from './choose.ts'

/** Who could be given a ticket now, of a team if one is named; locked until the transaction ends, so that nobody's room is promised twice. */
export async function lockCandidates(tx: Db, tenantId: string, teamId: string | null): Promise<Candidate[]> {
  const where = { tenantId, ...accepting, ...(teamId !== null && { memberships: { some: { teamId } } }) }
  const wanted = await tx.agent.findMany({ where, select: { id: true } })
  await lockAgents(
    tx,
    tenantId,
    wanted.map(({ id }) => id),
  )
  // Read again, and counted, once they are held: whoever held them before has given them tickets.
  const agents = await tx.agent.findMany({ where: { ...where, id: { in: wanted.map(({ id }) => id) } } })
  const loads = await loadsOf(
    tx,
    tenantId,
    agents.map(({ id }) => id),
  )
  return agents.map((agent) => {
    const { open, pending } = loads.get(agent.id) ?? { open: 0, pending: 0 }
    return { ...agent, load: open + pending }
  })
}

/** Holds agents' rows, in one order everywhere, so that two runs wait for each other and do not deadlock. */
export async function lockAgents(tx: Db, tenantId: string, ids: readonly string[]): Promise<void> {
  await tx.$queryRaw`
    SELECT 1 FROM agent WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${[...ids]}::uuid[]) ORDER BY id FOR NO KEY UPDATE`
}

/** Notes that automatic assignment gave an agent a ticket: later than anybody before, also within a millisecond and on a clock that was moved. */
export async function noteTurn(tx: Db, tenantId: string, agentId: string, now: Date): Promise<void> {
  await tx.$executeRaw`
    UPDATE agent SET last_assigned_at = greatest(${now}::timestamptz,
      (SELECT max(last_assigned_at) FROM agent WHERE tenant_id = ${tenantId}::uuid) + interval '1 millisecond')
    WHERE tenant_id = ${tenantId}::uuid AND id = ${agentId}::uuid`
}
