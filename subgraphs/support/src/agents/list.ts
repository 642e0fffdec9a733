import { encodeCursor } from '@quimbi/service/cursors.ts'
import { connection, pageSize, type PageRequest } from '@quimbi/service/pagination.ts'
import { placeOf } from '@quimbi/service/places.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Prisma } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import { loadsOf, spareOf } from './workload.ts'

type Optional<T> = T | null | undefined

export type AgentFilter = {
  status?: Optional<string>
  role?: Optional<string>
  isActive?: Optional<boolean>
  availableOnly?: Optional<boolean>
}

/** Whom automatic assignment may look at; capacity is another matter. */
export const accepting = { status: 'ONLINE', isActive: true, acceptsNewTickets: true } as const

/** Agents by name. */
export async function listAgents(db: Db, { tenantId }: Viewer, page: PageRequest & { filter?: Optional<AgentFilter> }) {
  const size = pageSize(page.first, { default: 50 })
  const after = placeOf(page.after, 'string')
  const { status, role, isActive, availableOnly } = page.filter ?? {}
  const conditions: Prisma.AgentWhereInput[] = [
    { tenantId },
    status ? { status } : {},
    role ? { role } : {},
    typeof isActive === 'boolean' ? { isActive } : {},
    availableOnly ? { id: { in: await availableIds(db, tenantId) } } : {},
    after ? { name: { gte: after[0] }, OR: [{ name: { gt: after[0] } }, { id: { gt: after[1] } }] } : {},
  ]
  const rows = await db.agent.findMany({
    where: { AND: conditions },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    take: size + 1,
  })
  return connection(rows, size, (agent) => encodeCursor([agent.name, agent.id]), page)
}

async function availableIds(db: Db, tenantId: string): Promise<string[]> {
  const where = { tenantId, ...accepting }
  const agents = await db.agent.findMany({ where, select: { id: true, capacity: true } })
  const loads = await loadsOf(
    db,
    tenantId,
    agents.map(({ id }) => id),
  )
  return agents.filter(({ id, capacity }) => spareOf(capacity, loads.get(id)) > 0).map(({ id }) => id)
}
