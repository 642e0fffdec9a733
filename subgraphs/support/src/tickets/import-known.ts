import type { Db } from '../database.ts'
import { refKey, type Ref } from '../customers/refs.ts'
import type { CheckedTicket } from './record.ts'

/** A checked record with its place in the batch. */
export type Placed = CheckedTicket & { index: number }

/** The tickets that are neither in the database nor earlier in the batch, by id or by external reference. */
export async function unknownTickets(tx: Db, tenantId: string, checked: readonly Placed[]): Promise<Placed[]> {
  const refs = checked.flatMap(({ externalRef }) => externalRef ?? [])
  const rows = await tx.$queryRaw<{ id: string; source: string | null; externalId: string | null }[]>`
    SELECT id, external_source AS source, external_id AS "externalId" FROM ticket
    WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${checked.map(({ id }) => id)}::uuid[])
    UNION ALL
    SELECT t.id, t.external_source, t.external_id
    FROM unnest(${refs.map(({ source }) => source)}::text[], ${refs.map(({ externalId }) => externalId)}::text[]) AS r (source, id)
    JOIN ticket t ON t.tenant_id = ${tenantId}::uuid AND t.external_source = r.source AND t.external_id = r.id`
  const known = new Set(
    rows.flatMap(({ id, source, externalId }) => keysOf(id, source && externalId ? { source, externalId } : null)),
  )
  return checked.filter(({ id, externalRef }) => {
    const keys = keysOf(id, externalRef)
    if (keys.some((key) => known.has(key))) return false
    for (const key of keys) known.add(key)
    return true
  })
}

const keysOf = (id: string, externalRef: Ref | null): string[] => (externalRef ? [id, refKey(externalRef)] : [id])

/** Numbers among those of the tickets that others have. */
export async function takenNumbers(tx: Db, tenantId: string, tickets: readonly Placed[]): Promise<Set<number>> {
  const given = tickets.flatMap(({ number }) => number ?? [])
  if (given.length === 0) return new Set()
  const rows = await tx.$queryRaw<{ number: number }[]>`
    SELECT number FROM ticket WHERE tenant_id = ${tenantId}::uuid AND number = ANY (${given}::int[])`
  return new Set(rows.map(({ number }) => number))
}

/** What tells a message from all others: its id, and where it has one its channel's. */
export const messageKeys = ({ id, channel, externalId }: CheckedTicket['messages'][number]): string[] =>
  channel !== null && externalId !== null ? [id, JSON.stringify([channel, externalId])] : [id]

/** Ids of messages and notes that are there already, and channels' ids of messages as `messageKeys`. */
export async function takenParts(tx: Db, tenantId: string, tickets: readonly Placed[]): Promise<Set<string>> {
  const messages = tickets.flatMap((ticket) => ticket.messages)
  const notes = tickets.flatMap((ticket) => ticket.notes)
  const outside = messages.filter(({ channel, externalId }) => channel !== null && externalId !== null)
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM message WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${messages.map(({ id }) => id)}::uuid[])
    UNION ALL
    SELECT id FROM note WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${notes.map(({ id }) => id)}::uuid[])`
  const found =
    outside.length === 0
      ? []
      : await tx.$queryRaw<{ channel: string; externalId: string }[]>`
          SELECT m.channel, m.external_id AS "externalId"
          FROM unnest(${outside.map(({ channel }) => channel)}::text[], ${outside.map(({ externalId }) => externalId)}::text[]) AS r (channel, id)
          JOIN message m ON m.tenant_id = ${tenantId}::uuid AND m.channel = r.channel AND m.external_id = r.id`
  return new Set([
    ...rows.map(({ id }) => id),
    ...found.map(({ channel, externalId }) => JSON.stringify([channel, externalId])),
  ])
}

/** Agents' ids by address: assignees, authors, and who is mentioned; and the ids of those among them who were deactivated. */
export async function agentsOf(tx: Db, tenantId: string, tickets: readonly Placed[]) {
  const emails = tickets.flatMap(({ assigneeEmail, messages, notes }) => [
    assigneeEmail,
    ...messages.map(({ fromAgent, authorEmail }) => (fromAgent ? authorEmail : null)),
    ...notes.flatMap(({ authorEmail, mentions }) => [authorEmail, ...mentions]),
  ])
  const rows = await tx.agent.findMany({
    where: { tenantId, email: { in: given(emails) } },
    select: { id: true, email: true, isActive: true },
  })
  return {
    agents: new Map(rows.map(({ id, email }) => [email, id])),
    deactivated: new Set(rows.flatMap(({ id, isActive }) => (isActive ? [] : [id]))),
  }
}

/** Ids of the queues and teams of the tickets, by name. */
export async function placesOf(tx: Db, tenantId: string, tickets: readonly Placed[]) {
  const [queues, teams] = [given(tickets.map(({ queue }) => queue)), given(tickets.map(({ team }) => team))]
  const select = { id: true, name: true }
  const found = (rows: { id: string; name: string }[]) => new Map(rows.map(({ id, name }) => [name, id]))
  return {
    queues: found(
      queues.length > 0 ? await tx.queue.findMany({ where: { tenantId, name: { in: queues } }, select }) : [],
    ),
    teams: found(teams.length > 0 ? await tx.team.findMany({ where: { tenantId, name: { in: teams } }, select }) : []),
  }
}

const given = (values: readonly (string | null)[]): string[] => [...new Set(values.filter((value) => value !== null))]
