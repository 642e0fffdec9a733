import { isDeepStrictEqual } from 'node:util'
import { writeLater } from '@quimbi/database/transaction.ts'
import { inTrace } from '@quimbi/events/trace.ts'
import type { Ticket } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'
import type { Written } from './change-store.ts'
import { usualColumns, writtenColumns } from './columns.ts'

/** Changes of one ticket have seldom more events: a step's own, a re-ranking, a clock's. */
const mostEvents = 4

type Shape = { columns: typeof writtenColumns; hasSla: boolean; hasContact: boolean; events: number }
type Given = { before: Ticket; written: Written }

/** Whether a change can be written by `writeOne`: that of one ticket, with at most one contact and few events. */
export const isOfOne = ({ tickets, sla, events, contacts = [] }: Written): boolean =>
  tickets.length === 1 && sla.length <= 1 && contacts.length <= 1 && events.length >= 1 && events.length <= mostEvents

/**
 * Writes the change of one ticket by plain parameters, only with what there is to write. As a record set, like many tickets at once, the same
 * took PostgreSQL longer by more than half: it looks up each column's type at each call, and sets up parts that have nothing to do.
 */
export async function writeOne(tx: Db, tenantId: string, { before, written }: Given): Promise<void> {
  const { tickets, sla, events, contacts = [] } = written
  const [after] = tickets
  if (!after) return
  const columns = isUsual(before, after) ? usualColumns : writtenColumns
  const sql = sqlOf({ columns, hasSla: sla.length > 0, hasContact: contacts.length > 0, events: events.length })
  const values = [
    ...columns.map(([field, , type]) => (type === 'jsonb' ? json(after[field]) : after[field])),
    ...sla.flatMap(({ history, clocks }) => [json(history), json(clocks)]),
    ...contacts.flatMap(({ customerId, at, channel }) => [customerId, at, channel]),
    ...events.flatMap(({ eventId, type, occurredAt, ticketId, payload }) => [
      ...[eventId, type, occurredAt, ticketId, json(inTrace(payload))],
    ]),
  ]
  await writeLater(tx, sql, tenantId, after.id, ...values)
}

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value))

const others = writtenColumns.filter((column) => !usualColumns.includes(column))
const isUsual = (before: Ticket, after: Ticket): boolean =>
  others.every(([field]) => isDeepStrictEqual(before[field], after[field]))

const texts = new Map<string, string>()

/** One text a shape, of which there are a few dozen: each is prepared once a connection. */
function sqlOf(shape: Shape): string {
  const key = [shape.columns.length, shape.hasSla, shape.hasContact, shape.events].join()
  const known = texts.get(key)
  if (known !== undefined) return known
  const made = makeSql(shape)
  texts.set(key, made)
  return made
}

// Events get their ids in the order in which they are given.
function makeSql({ columns, hasSla, hasContact, events }: Shape): string {
  let last = 2
  const next = (type: string) => `$${++last}::${type}`
  const assigned = columns.map(([, column, type]) => `${column} = ${next(type)}`).join(', ')
  const changed = `UPDATE ticket SET ${assigned} WHERE tenant_id = $1::uuid AND id = $2::uuid`
  const clocks = hasSla
    ? `, clocks AS (
    INSERT INTO ticket_sla (tenant_id, ticket_id, history, clocks) VALUES ($1::uuid, $2::uuid, ${next('jsonb')}, ${next('jsonb')})
    ON CONFLICT (tenant_id, ticket_id) DO UPDATE SET history = excluded.history, clocks = excluded.clocks)`
    : ''
  const contacted = hasContact ? `, contacted AS (${contactSql(next('uuid'), next('timestamptz'), next('text'))})` : ''
  const rows = Array.from(
    { length: events },
    () => `($1::uuid, ${['uuid', 'text', 'timestamptz', 'uuid', 'jsonb'].map(next).join(', ')})`,
  )
  return `WITH changed AS (${changed})${clocks}${contacted}
  INSERT INTO outbox (tenant_id, event_id, type, occurred_at, ticket_id, payload) VALUES ${rows.join(', ')}`
}

const contactSql = (customerId: string, at: string, channel: string) => `
    UPDATE customer SET last_contact_at = greatest(last_contact_at, ${at}), last_channel = ${channel}
    WHERE tenant_id = $1::uuid AND id = ${customerId}`
