import { encodePosition, logBounds } from '@quimbi/subgraph/log-cursor.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rescoreTenant } from '../src/scoring/rescore.ts'
import { openSupport, type TestSupport } from './kit.ts'
import { change, serveLive, tagged, take } from './live-kit.ts'

let support: TestSupport
let served: Awaited<ReturnType<typeof serveLive>>
beforeAll(async () => {
  support = await openSupport()
  served = await serveLive(support)
})
afterAll(async () => {
  await served.close()
  await support.close()
})

type InboxEvent = { inboxUpdated: { type: string } }
type OneEvent = { ticketUpdated: { type: string } }
const inbox =
  'subscription ($after: Cursor, $filter: TicketFilter) { inboxUpdated(after: $after, filter: $filter) { cursor type } }'
const one =
  'subscription ($ticketId: ID!, $after: Cursor) { ticketUpdated(ticketId: $ticketId, after: $after) { type } }'
const extensions = { code: 'RESYNC_REQUIRED', reason: 'REORDERED' }
// Who tries again as before is told the same: nothing says that one may.
const notAgain = [{ extensions: expect.not.objectContaining({ retryable: true }) }]

describe('an inbox whose tickets were all ranked anew', () => {
  it('ends at that place, whatever its filter, live and on replay, and goes on after it', async () => {
    const tenant = await support.aTenant()
    const mia = await support.anAgent(tenant, { role: 'AGENT' })
    const ticket = await support.aTicket(tenant)
    const now = async () => {
      await support.module.sequence()
      return encodePosition(tenant.id, (await logBounds(support.database.forTenant(tenant.id), tenant.id)).head)
    }
    const client = await served.connectAs(mia)
    const after = await now()
    const listen = (variables: object) => client.subscribe<InboxEvent>(inbox, { after, ...variables })
    await change(support, ticket, tagged('before'))
    const live = listen({})
    const before = await take(live, 1)
    const ends = Promise.allSettled([live.next(), listen({ filter: { tag: 'none' } }).next()])

    await support.asOwner(
      `UPDATE tenant SET scoring_weights = '{"age": 2}', config_version = config_version + 1 WHERE id = $1`,
      [tenant.id],
    )
    expect(await rescoreTenant(support.database, tenant.id, support.clock.now())).toBe(1)
    const afresh = await now()
    const ended = { status: 'rejected', reason: [{ extensions }] }
    expect(await ends).toMatchObject([ended, ended])
    expect(await ends).toMatchObject([{ reason: notAgain }, { reason: notAgain }])
    await change(support, ticket, tagged('after'))

    const replay = listen({})
    expect(await take(replay, 1)).toEqual(before)
    await expect(replay.next()).rejects.toMatchObject([{ extensions }])
    const again = listen({ after: afresh })
    expect((await take(again, 1))[0]?.data?.inboxUpdated.type).toBe('TAGGED')
    await again.return?.()

    // Its order is nothing to a ticket's own stream, and no entry of the history.
    const own = client.subscribe<OneEvent>(one, { after, ticketId: ticket.id })
    expect((await take(own, 2)).map(({ data }) => data?.ticketUpdated.type)).toEqual(['TAGGED', 'TAGGED'])
    await own.return?.()
    const ask = await support.asAgent(mia)
    const { data, errors } = await ask('query ($after: Cursor) { events(after: $after) { nodes { type ticketId } } }', {
      after,
    })
    const entry = { type: 'TAGGED', ticketId: ticket.id }
    expect([errors, data]).toEqual([[], { events: { nodes: [entry, entry] } }])
  })
})
