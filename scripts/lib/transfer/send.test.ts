import type { TicketRecord } from '@quimbi/support/tickets/record.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendTickets } from './send.ts'
import { openTestWorld, type TestWorld } from './test-world.ts'

let world: TestWorld
beforeAll(async () => void (world = await openTestWorld()))
afterAll(() => world.close())

const now = new Date('2026-03-01T12:00:00Z')
const aTicket = (id: string, more: Partial<TicketRecord> = {}): TicketRecord => ({
  externalRef: { source: 'desk', id },
  subject: id,
  channel: 'EMAIL',
  customer: { source: 'shop', externalId: 'c1' },
  createdAt: now,
  ...more,
})
const subjectsOf = async (tenantId: string) =>
  (await world.support.forTenant(tenantId).ticket.findMany({ orderBy: { number: 'asc' } })).map(
    ({ subject }) => subject,
  )

describe('tickets that are sent', () => {
  it('go in batch by batch, in the order of the file, so that of two with one name the first is kept', async () => {
    const { id: tenantId } = await world.tenant()
    const { send, settle } = sendTickets(world.support, { tenantId })
    const sent = ['first', 'second', 'third'].map((subject) => send([aTicket('same', { subject }), aTicket(subject)]))
    expect((await Promise.all(sent)).map(({ accepted, duplicates }) => [accepted, duplicates])).toEqual([
      [2, 0],
      [1, 1],
      [1, 1],
    ])
    await settle()
    expect(await subjectsOf(tenantId)).toEqual(['first', 'first', 'second', 'third'])
  })

  it('end with the batch that fails: what stands after it in the file does not go in before it', async () => {
    const { id: tenantId } = await world.tenant()
    let isBroken = true
    const { send } = sendTickets(world.support, {
      tenantId,
      now: () => {
        if (isBroken) throw new Error('the disk is full')
        return now
      },
    })
    const [first, second] = [send([aTicket('1')]), send([aTicket('2')])]
    second.catch(() => {})
    await expect(first).rejects.toThrow('the disk is full')
    isBroken = false
    await expect(second).rejects.toThrow('the disk is full')
    expect(await subjectsOf(tenantId)).toEqual([])
  })

  it('leave nothing behind in a trial, not even numbers', async () => {
    const { id: tenantId } = await world.tenant()
    const trial = sendTickets(world.support, { tenantId, dryRun: true })
    expect(await trial.send([aTicket('1', { number: 5_000 }), aTicket('2')])).toMatchObject({ accepted: 2 })
    expect(await world.support.forTenant(tenantId).ticketCounter.count()).toBe(0)
    expect(await subjectsOf(tenantId)).toEqual([])
  })
})
