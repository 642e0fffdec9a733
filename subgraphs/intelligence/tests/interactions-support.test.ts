import { newId } from '@quimbi/database/ids.ts'
import type { NewEvent } from '@quimbi/events/outbox.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dayMs, openWorld, saved, startOfTime, type World } from './kit.ts'

let world: World
beforeAll(async () => void (world = await openWorld()))
afterAll(() => world.close())

const staleIds = async (tenantId: string) => {
  const rows = await world.rows<{ id: string }>(
    'SELECT customer_id AS id FROM stale_customer WHERE tenant_id = $1 ORDER BY 1',
    tenantId,
  )
  return rows.map(({ id }) => id)
}
const forgetMarks = (tenantId: string) => world.rows('DELETE FROM stale_customer WHERE tenant_id = $1', tenantId)

describe('what Support tells', () => {
  const at = (hours: number) => new Date(Date.parse(startOfTime) - dayMs + hours * 3_600_000)
  const about = (customerId: string, more: object = {}) => ({
    ticketId: newId(),
    customerId,
    channel: 'CHAT' as const,
    isDemo: false,
    ...more,
  })
  const told = async (tenantId: string) => {
    const rows = await world.rows<Record<string, unknown>>('SELECT * FROM interaction WHERE tenant_id = $1', tenantId)
    return rows
      .map((row) => [row['kind'], row['channel'], row['sentiment'], row['resolved_hours'], row['customer_id']])
      .toSorted()
  }

  it('becomes interactions, once each', async () => {
    const [tenantId, id] = [newId(), newId()]
    const ticket = about(id)
    const story: NewEvent[] = [
      saved(tenantId, id),
      { tenantId, type: 'ticket.opened', occurredAt: at(0), payload: ticket },
      { tenantId, type: 'message.received', occurredAt: at(0), payload: { ...ticket, messageId: newId() } },
      { tenantId, type: 'message.received', occurredAt: at(1), payload: { ...ticket, messageId: newId() } },
      { tenantId, type: 'ticket.closed', occurredAt: at(2), payload: ticket },
      { tenantId, type: 'satisfaction.recorded', occurredAt: at(3), payload: { ...ticket, score: 1 } },
      { tenantId, type: 'satisfaction.recorded', occurredAt: at(4), payload: { ...ticket, score: 4 } },
      { tenantId, type: 'ticket.closed', occurredAt: at(5), payload: ticket },
    ]
    await world.hear(...story)
    const expected = [
      ['MESSAGE', 'CHAT', null, null, id],
      ['MESSAGE', 'CHAT', null, null, id],
      ['SUPPORT_TICKET', 'CHAT', null, 5, id],
      ['SURVEY', 'CHAT', 0.75, null, id],
    ]
    expect(await told(tenantId)).toEqual(expected)
    expect(await staleIds(tenantId)).toEqual([id])
    await forgetMarks(tenantId)
    await world.hear(...story)
    expect(await told(tenantId)).toEqual(expected)
  })

  it('marks the customer of a closed ticket', async () => {
    const [tenantId, id] = [newId(), newId()]
    const ticket = about(id)
    await world.hear(saved(tenantId, id), { tenantId, type: 'ticket.opened', occurredAt: at(0), payload: ticket })
    await forgetMarks(tenantId)
    // The clocks of two machines differ.
    await world.hear({ tenantId, type: 'ticket.closed', occurredAt: at(-1), payload: ticket })
    expect(await told(tenantId)).toEqual([['SUPPORT_TICKET', 'CHAT', null, 0, id]])
    expect(await staleIds(tenantId)).toEqual([id])
  })

  it('of demo tickets, and of nobody who is known, is not kept', async () => {
    const [tenantId, id] = [newId(), newId()]
    await world.hear(
      saved(tenantId, id),
      { tenantId, type: 'ticket.opened', occurredAt: at(0), payload: about(id, { isDemo: true }) },
      { tenantId, type: 'ticket.opened', occurredAt: at(0), payload: about(newId()) },
      { tenantId, type: 'ticket.closed', occurredAt: at(0), payload: about(id) },
    )
    expect(await told(tenantId)).toEqual([])
    expect(await staleIds(tenantId)).toEqual([])
    expect(await world.rows('SELECT id FROM customer WHERE tenant_id = $1', tenantId)).toEqual([{ id }])
  })

  it('stays within its tenant', async () => {
    const [ours, theirs, id] = [newId(), newId(), newId()]
    await world.hear(saved(ours, id), {
      tenantId: theirs,
      type: 'ticket.opened',
      occurredAt: at(0),
      payload: about(id),
    })
    expect([await told(ours), await told(theirs)]).toEqual([[], []])
  })
})
