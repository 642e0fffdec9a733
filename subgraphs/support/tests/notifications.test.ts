import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Tenant } from '../generated/prisma/client.ts'
import { announcement } from '../src/notifications/live.ts'
import { notify } from '../src/notifications/notify.ts'
import { purgeNotifications } from '../src/notifications/service.ts'
import { createAgentChannel } from '../src/stream/agent-channel.ts'
import { codesOf, openSupport, refusal, type Ask, type TestAgent, type TestSupport } from './kit.ts'
import { assigned, change, serveLive, take } from './live-kit.ts'

let support: TestSupport
let tenant: Tenant
let mia: TestAgent
let leo: TestAgent
let asMia: Ask
let asLeo: Ask

beforeAll(async () => {
  support = await openSupport()
})
beforeEach(async () => {
  tenant = await support.aTenant()
  mia = await support.anAgent(tenant, { role: 'AGENT', name: 'Mia' })
  leo = await support.anAgent(tenant, { role: 'TEAM_LEAD', name: 'Leo' })
  asMia = await support.asAgent(mia)
  asLeo = await support.asAgent(leo)
})
afterAll(() => support.close())

type Row = { id: string; kind: string; text: string; readAt: string | null; ticket: { id: string } | null }
type List = {
  notifications: { nodes: Row[]; unreadCount: number; pageInfo: { hasNextPage: boolean; endCursor: string | null } }
}
const list = `query ($unreadOnly: Boolean, $first: Int, $after: String) {
  notifications(unreadOnly: $unreadOnly, first: $first, after: $after) {
    nodes { id kind text readAt ticket { id } } unreadCount pageInfo { hasNextPage endCursor } } }`
const markRead = `mutation ($ids: [ID!]!) { markNotificationsRead(input: { ids: $ids }) { userErrors { code path message } } }`
const addNote = `mutation ($input: AddNoteInput!) { addNote(input: $input) { userErrors { code } } }`

async function listed(ask: Ask, variables: object = {}) {
  const { data, errors } = await ask<List>(list, { ...variables })
  expect(errors).toEqual([])
  return data!.notifications
}

describe('notifications', () => {
  it('tell an agent of a ticket that they were given, once, until it is read', async () => {
    const ticket = await support.aTicket(tenant)
    await change(support, ticket, assigned(mia.id))
    await support.module.settle()
    await support.module.settle()
    const { nodes, unreadCount } = await listed(asMia)
    const text = `You were given ticket #${ticket.number}.`
    expect(nodes).toEqual([{ id: expect.any(String), kind: 'ASSIGNED', text, readAt: null, ticket: { id: ticket.id } }])
    expect(unreadCount).toBe(1)
    expect((await listed(asLeo)).nodes).toEqual([])
    const ids = nodes.map(({ id }) => id)
    await asLeo(markRead, { ids })
    expect((await listed(asMia)).unreadCount).toBe(1)
    expect((await asMia<object>(markRead, { ids })).data).toEqual({ markNotificationsRead: { userErrors: [] } })
    expect(await listed(asMia)).toMatchObject({ nodes: [], unreadCount: 0 })
    expect((await listed(asMia, { unreadOnly: false })).nodes).toMatchObject([{ readAt: expect.any(String) }])
  })

  it('tell who is mentioned, but not who wrote the note, and show no ticket that the viewer may not see', async () => {
    const ticket = await support.aTicket(tenant, {}, { assigneeId: leo.id })
    const input = { ticketId: ticket.id, content: 'Secret words', mentionIds: [mia.id, leo.id] }
    expect((await asLeo<object>(addNote, { input })).data).toEqual({ addNote: { userErrors: [] } })
    await support.module.settle()
    const { nodes } = await listed(asMia)
    expect(nodes).toMatchObject([
      { kind: 'MENTION', ticket: null, text: `A note on ticket #${ticket.number} mentions you.` },
    ])
    expect((await listed(asLeo)).nodes).toEqual([])
  })

  it('tell the author of a message that could not be delivered', async () => {
    const ticket = await support.aTicket(tenant, {}, { assigneeId: leo.id })
    const { id: messageId } = await support.aMessage(ticket, { authorAgentId: mia.id })
    await change(support, ticket, { type: 'DELIVERY_FAILED', messageId })
    await support.module.settle()
    expect((await listed(asMia)).nodes).toMatchObject([{ kind: 'DELIVERY_FAILED' }])
    expect((await listed(asLeo)).nodes).toEqual([])
  })

  it('come page by page, newest first', async () => {
    const ticket = await support.aTicket(tenant)
    for (let n = 0; n < 5; n += 1) {
      support.clock.advance(n === 2 ? 0 : 1_000)
      await change(support, ticket, { type: 'ESCALATED' })
    }
    await support.module.settle()
    const seen: string[] = []
    for (let after: string | null = null, more = true; more;) {
      const { nodes, pageInfo } = await listed(asLeo, { first: 2, after })
      seen.push(...nodes.map(({ id }) => id))
      ;[after, more] = [pageInfo.endCursor, pageInfo.hasNextPage]
    }
    const all = (await listed(asLeo, { first: 100 })).nodes.map(({ id }) => id)
    expect(seen).toEqual(all)
    expect(new Set(seen).size).toBe(5)
    expect(codesOf(await asLeo(list, { first: 101 }))).toEqual(['BAD_USER_INPUT'])
    expect(codesOf(await asLeo(list, { after: 'x' }))).toEqual(['BAD_USER_INPUT'])
  })

  it('are marked at most a hundred at a time, by their ids', async () => {
    const marked = async (ids: string[]) =>
      (await asMia<{ markNotificationsRead: { userErrors: unknown } }>(markRead, { ids })).data?.markNotificationsRead
        .userErrors
    expect(await marked(Array.from({ length: 101 }, () => mia.id))).toEqual(refusal('LIMIT_EXCEEDED', 'input', 'ids'))
    expect(await marked([mia.id, 'x'])).toEqual(refusal('INVALID', 'input', 'ids', '1'))
  })

  it('are kept once for each event, and forgotten 90 days after they came if they were read', async () => {
    const now = support.clock.now()
    const one = { tenantId: tenant.id, agentId: mia.id, kind: 'RULE', ticketId: null, text: 'Look.', now } as const
    const eventId = crypto.randomUUID()
    const write = (id: string) => support.database.transact(tenant.id, (tx) => notify(tx, [{ ...one, eventId: id }]))
    expect(await write(eventId)).toHaveLength(1)
    expect(await write(eventId)).toEqual([])
    await asMia(markRead, { ids: (await listed(asMia)).nodes.map(({ id }) => id) })
    await write(crypto.randomUUID())
    const days = (count: number) => new Date(now.getTime() + count * 86_400_000)
    const left = () => support.database.system.notification.count({ where: { tenantId: tenant.id } })
    await purgeNotifications(support.database.system, days(90))
    expect(await left()).toBe(2)
    await purgeNotifications(support.database.system, days(91))
    expect(await left()).toBe(1)
  })
})

describe('a subscriber', () => {
  it('hears of their own, of events and of rules, and of nobody else’s', async () => {
    const served = await serveLive(support)
    try {
      const ticket = await support.aTicket(tenant)
      const own = { tenantId: tenant.id, ticketId: ticket.id, kind: 'RULE', now: support.clock.now() } as const
      const leave = (agentId: string, text: string, eventId: string = crypto.randomUUID()) =>
        support.database.transact(tenant.id, (tx) => notify(tx, [{ ...own, agentId, text, eventId }]))
      const [probe] = await leave(mia.id, 'probe')
      const events = (await served.connectAs(mia)).subscribe<{ notificationReceived: { text: string } }>(
        'subscription { notificationReceived { text } }',
      )
      // Said again and again until it is heard: then the wire stands.
      const channel = createAgentChannel(support.bus)
      const timer = setInterval(() => void channel.publish(tenant.id, mia.id, announcement(probe!.id)), 20)
      const texts = async () => (await take(events, 1)).map(({ data }) => data?.notificationReceived.text)[0]
      expect(await texts()).toBe('probe')
      clearInterval(timer)
      const [foreign] = await leave(leo.id, 'for Leo')
      await channel.publish(tenant.id, mia.id, announcement(foreign!.id))
      await change(support, ticket, assigned(leo.id), assigned(mia.id))
      const eventId = await change(support, ticket, { type: 'TICKET_UPDATED', data: { notify: {} } })
      await leave(mia.id, 'a rule', eventId)
      await support.module.settle()
      const heard: unknown[] = []
      while (heard.length < 2) heard.push(...[await texts()].filter((text) => text !== 'probe'))
      expect(heard).toEqual([`You were given ticket #${ticket.number}.`, 'a rule'])
    } finally {
      await served.close()
    }
  })
})
