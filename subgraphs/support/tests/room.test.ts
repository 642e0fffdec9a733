import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Tenant } from '../generated/prisma/client.ts'
import { receive } from '../src/messages/receive.ts'
import { createTicket } from '../src/tickets/create.ts'
import { openSupport, serviceOf, type TestSupport } from './kit.ts'

let support: TestSupport
let tenant: Tenant

beforeAll(async () => {
  support = await openSupport()
  tenant = await support.aTenant()
})
afterAll(() => support.close())

/** Tickets of one transaction: their pages are as full as they become. */
async function manyOpened(count: number): Promise<string[]> {
  const { id: customerId } = await support.aCustomer(tenant)
  const input = { customerId, subject: 'Where is my order?', channel: 'EMAIL', initialMessage: 'It has not come yet.' }
  return support.database.transact(tenant.id, async (tx) => {
    const ids: string[] = []
    for (let at = 0; at < count; at += 1)
      ids.push((await createTicket(tx, serviceOf(tenant.id), input, support.clock.now())).ticket.id)
    return ids
  })
}

it('a message on one ticket of ten leaves every index of the tickets alone', async () => {
  const ids = (await manyOpened(100)).filter((_, at) => at % 10 === 0)
  const counted = await support.database.transact(tenant.id, async (tx) => {
    for (const ticketId of ids) {
      const said = { ticketId, channel: 'EMAIL', content: 'Any news?', externalId: `said-${ticketId}` }
      await receive(tx, serviceOf(tenant.id), said, support.clock.now())
    }
    const [row] = await tx.$queryRaw<object[]>`
      SELECT pg_stat_get_xact_tuples_updated('ticket'::regclass)::int AS updated,
        pg_stat_get_xact_tuples_hot_updated('ticket'::regclass)::int AS hot`
    return row
  })
  expect(counted).toEqual({ updated: ids.length, hot: ids.length })
})
