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

  it('end with the batch that fails: what is not under way by then does not go in', async () => {
    const { id: tenantId } = await world.tenant()
    let isBroken = true
    const { send } = sendTickets(world.support, {
      tenantId,
      now: () => {
        if (isBroken) throw new Error('the disk is full')
        return now
      },
    })
    const [first, second] = [send([aTicket('1')]), send([aTicket('1'), aTicket('2')])]
    second.catch(() => {})
    await expect(first).rejects.toThrow('the disk is full')
    isBroken = false
    await expect(second).rejects.toThrow('the disk is full')
    expect(await subjectsOf(tenantId)).toEqual([])
  })

  it('go in two batches at once, with numbers in the order of the file', async () => {
    const { id: tenantId } = await world.tenant()
    const { send } = sendTickets(world.support, { tenantId })
    const names = Array.from({ length: 12 }, (_, batch) => [0, 1, 2].map((index) => `${batch}-${index}`))
    // All of two customers, whom each batch meets and moves on.
    const records = (batch: string[]) =>
      batch.map((name, at) =>
        aTicket(name, {
          customer: { source: 'shop', externalId: `c${at % 2}` },
          messages: [{ authorName: 'Ada', content: name }],
        }),
      )
    const sent = await Promise.all(names.map((batch) => send(records(batch))))
    expect(sent.map(({ accepted }) => accepted)).toEqual(names.map(() => 3))
    expect(await subjectsOf(tenantId)).toEqual(names.flat())
  })

  it('go in once when another process sends the same at the same time, in another order', async () => {
    const { id: tenantId } = await world.tenant()
    const senders = [sendTickets(world.support, { tenantId }), sendTickets(world.support, { tenantId })]
    const batches = Array.from({ length: 8 }, (_, batch) =>
      Array.from({ length: 20 }, (_, index) => aTicket(`${batch}-${index}`)),
    )
    const sent = await Promise.all(
      senders.map(async ({ send }, index) =>
        Promise.all((index === 0 ? batches : batches.map((batch) => batch.toReversed())).map((batch) => send(batch))),
      ),
    )
    const sum = (field: 'accepted' | 'duplicates') => sent.flat().reduce((all, outcome) => all + outcome[field], 0)
    expect([sum('accepted'), sum('duplicates')]).toEqual([160, 160])
    expect((await subjectsOf(tenantId)).length).toBe(160)
  })

  it('leave nothing behind in a trial, not even numbers', async () => {
    const { id: tenantId } = await world.tenant()
    const trial = sendTickets(world.support, { tenantId, dryRun: true })
    expect(await trial.send([aTicket('1', { number: 5_000 }), aTicket('2')])).toMatchObject({ accepted: 2 })
    expect(await world.support.forTenant(tenantId).ticketCounter.count()).toBe(0)
    expect(await subjectsOf(tenantId)).toEqual([])
  })
})
