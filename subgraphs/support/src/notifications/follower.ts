import type { Background, Surroundings } from '@quimbi/subgraph/module.ts'
import type { Notification } from '../../generated/prisma/client.ts'
import type { Db, SupportDatabase } from '../database.ts'
import type { TicketEntry } from '../log/entries.ts'
import { followTickets } from '../log/follow.ts'
import type { AgentChannel } from '../stream/agent-channel.ts'
import { announcement } from './live.ts'
import { notify, type NewNotification } from './notify.ts'
import { noticeOf, peopleIn, tellingTypes, type Notice, type Person } from './whom.ts'

type Options = Pick<Surroundings<SupportDatabase>, 'database' | 'bus' | 'log' | 'clock' | 'metrics'> & {
  channel: AgentChannel
}

/** Leaves a notification for whom an event concerns, and tells it live once it is committed. */
export function createNotifier(options: Options): Background {
  const fresh = new WeakMap<Db, Notification[]>()
  const database = { ...options.database, system: announcing(options, fresh) }
  return followTickets(
    { ...options, database },
    {
      name: 'notifications',
      types: [...tellingTypes, 'TICKET_UPDATED'],
      async handle(tx, events) {
        const written = [...(await notify(tx, await notificationsFor(tx, events))), ...(await fromRules(tx, events))]
        fresh.set(tx, [...(fresh.get(tx) ?? []), ...written])
      },
    },
  )
}

/** The same client, whose transactions announce what they wrote: before commit it could not be read. */
function announcing(
  { database: { system }, channel }: Pick<Options, 'database' | 'channel'>,
  fresh: WeakMap<Db, Notification[]>,
): SupportDatabase['system'] {
  const $transaction = async <T>(run: (tx: Db) => Promise<T>, limits?: { maxWait?: number; timeout?: number }) => {
    let written: Notification[] = []
    const result = await system.$transaction(async (tx) => {
      const outcome = await run(tx)
      written = fresh.get(tx) ?? []
      return outcome
    }, limits)
    for (const { tenantId, agentId, id } of written) void channel.publish(tenantId, agentId, announcement(id))
    return result
  }
  return new Proxy(system, {
    get: (target, key) => (key === '$transaction' ? $transaction : Reflect.get(target, key, target)),
  })
}

type Told = { entry: TicketEntry; notice: Notice }

async function notificationsFor(tx: Db, events: readonly TicketEntry[]): Promise<NewNotification[]> {
  const all = events.flatMap((entry): Told[] => {
    const notice = noticeOf(entry)
    return notice ? [{ entry, notice }] : []
  })
  const tenantId = all[0]?.entry.tenantId
  if (tenantId === undefined) return []
  const people = await activeAgents(tx, tenantId)
  const authors = await authorsOf(
    tx,
    tenantId,
    all.flatMap(({ notice }) => notice.to.authorOf ?? []),
  )
  return all.flatMap(({ entry: { eventId, ticketId, occurredAt, payload }, notice: { kind, text, to } }) => {
    const { actor } = payload
    const authorId = to.authorOf === undefined ? null : (authors.get(to.authorOf) ?? null)
    const known = { people, authorId, ...(actor.kind === 'agent' && { doerId: actor.id }) }
    const shared = { tenantId, kind, eventId, ticketId, text, now: occurredAt }
    return peopleIn(to, known).map((agentId) => ({ ...shared, agentId }))
  })
}

async function activeAgents(tx: Db, tenantId: string): Promise<Person[]> {
  const agents = await tx.agent.findMany({
    where: { tenantId, isActive: true },
    select: { id: true, role: true, memberships: { select: { teamId: true } } },
    orderBy: { id: 'asc' },
  })
  return agents.map(({ id, role, memberships }) => ({ id, role, teamIds: memberships.map(({ teamId }) => teamId) }))
}

async function authorsOf(tx: Db, tenantId: string, ids: string[]): Promise<Map<string, string | null>> {
  if (ids.length === 0) return new Map()
  const where = { tenantId, id: { in: ids } }
  const messages = await tx.message.findMany({ where, select: { id: true, authorAgentId: true } })
  return new Map(messages.map(({ id, authorAgentId }) => [id, authorAgentId]))
}

/** Rules leave theirs with the event itself; here they are only told live. */
async function fromRules(tx: Db, events: readonly TicketEntry[]): Promise<Notification[]> {
  const telling = events.filter(({ type, payload }) => type === 'TICKET_UPDATED' && payload.data?.['notify'])
  const [first] = telling
  if (!first) return []
  const eventId = { in: telling.map((entry) => entry.eventId) }
  return tx.notification.findMany({ where: { tenantId: first.tenantId, kind: 'RULE', eventId } })
}
