import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AgentViewer } from '@quimbi/service/viewer.ts'
import type { Message, Tenant, Ticket } from '../generated/prisma/client.ts'
import type { TicketEventPayload } from '../src/log/ticket-events.ts'
import { openSupport, type Ask, type TestSupport } from './kit.ts'
import { sendMessage, type Reply } from '../src/messages/send.ts'

let support: TestSupport
let tenant: Tenant
let asAdmin: Ask
let asAuthor: Ask
let author: { id: string }
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())
beforeEach(async () => {
  tenant = await support.aTenant()
  asAdmin = await support.asAgent(await support.anAgent(tenant))
  const agent = await support.anAgent(tenant, { role: 'AGENT' })
  author = agent
  asAuthor = await support.asAgent(agent)
})

type Answer = { code: string | undefined; status?: string | undefined; content?: string; editedAt?: string | null }
async function run(ask: Ask, name: 'recallMessage' | 'editMessage', input: object): Promise<Answer> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`
  const query = `mutation ($input: ${type}!) { answer: ${name}(input: $input) { message { content editedAt delivery { status undoUntil } } userErrors { code } } }`
  const { data, errors } = await ask<{
    answer: {
      message: { content: string; editedAt: string | null; delivery: { status: string } } | null
      userErrors: { code: string }[]
    }
  }>(query, { input })
  expect(errors).toEqual([])
  const { message, userErrors } = data!.answer
  return { code: userErrors[0]?.code, ...(message && { ...message, status: message.delivery?.status }) }
}
const recall = (ask: Ask, id: string) => run(ask, 'recallMessage', { id })
const edit = (ask: Ask, id: string, content: string) => run(ask, 'editMessage', { id, content })
async function remove(ask: Ask, id: string) {
  const query = `mutation ($id: ID!) { deleteMessage(input: { id: $id }) { deletedId userErrors { code } } }`
  const { data, errors } = await ask<{ deleteMessage: { deletedId: string | null; userErrors: { code: string }[] } }>(
    query,
    { id },
  )
  expect(errors).toEqual([])
  return data!.deleteMessage.userErrors[0]?.code ?? data!.deleteMessage.deletedId
}

/** A ticket of the author's, waiting for an answer for a minute. */
async function aTicket(): Promise<Ticket> {
  const ticket = await support.aTicket(tenant, {}, { assigneeId: author.id })
  support.clock.advance(60_000)
  return ticket
}
let keys = 0
async function reply(ticket: Ticket, input: Partial<Reply> = {}): Promise<Message> {
  const expiresAt = support.clock.now()
  const viewer: AgentViewer = {
    kind: 'agent',
    tenantId: tenant.id,
    agentId: author.id,
    role: 'AGENT',
    sessionId: '',
    expiresAt,
  }
  const all = { ticketId: ticket.id, content: 'Soon.', idempotencyKey: `key ${(keys += 1)}`, ...input }
  const send = () => support.database.transact(tenant.id, (tx) => sendMessage(tx, viewer, all, support.clock.now()))
  return (await send()).message
}
const db = () => support.database.forTenant(tenant.id)
const ticketNow = ({ id }: Ticket) => db().ticket.findFirstOrThrow({ where: { tenantId: tenant.id, id } })
const messageNow = ({ id }: Message) => db().message.findFirstOrThrow({ where: { tenantId: tenant.id, id } })
async function logOf(ticket: Ticket) {
  await support.module.sequence()
  const where = { tenantId: tenant.id, ticketId: ticket.id }
  const rows = await db().loggedEvent.findMany({ where, orderBy: { sequence: 'asc' } })
  return rows.slice(2).map(({ type, payload }) => ({ type, payload: payload as unknown as TicketEventPayload }))
}
const typesOf = async (ticket: Ticket) => (await logOf(ticket)).map(({ type }) => type)

describe('a message that is still held', () => {
  it('is taken back as if it had never been sent', async () => {
    const ticket = await aTicket()
    const before = await ticketNow(ticket)
    const message = await reply(ticket)
    support.clock.advance(14_999)
    expect(await recall(asAuthor, message.id)).toMatchObject({ code: undefined, status: 'RECALLED', content: 'Soon.' })
    expect(await messageNow(message)).toMatchObject({ nextAttemptAt: null, deletedAt: support.clock.now() })
    const { waitingSince, firstRepliedAt, status } = before
    expect(await ticketNow(ticket)).toMatchObject({ waitingSince, firstRepliedAt, status, revision: 3 })
    expect(await typesOf(ticket)).toEqual(['MESSAGE_SENT', 'MESSAGE_RECALLED'])
    const sla = await db().ticketSla.findFirst({ where: { tenantId: tenant.id, ticketId: ticket.id } })
    expect(sla?.history).toContainEqual(expect.objectContaining({ kind: 'recalled', messageId: message.id }))
  })

  it('takes the state back that was set with it, and no other', async () => {
    const ticket = await aTicket()
    const closing = await reply(ticket, { thenStatus: 'CLOSED' })
    expect(await ticketNow(ticket)).toMatchObject({ status: 'CLOSED' })
    support.clock.advance(1_000)
    await recall(asAuthor, closing.id)
    expect(await ticketNow(ticket)).toMatchObject({
      status: 'OPEN',
      closedAt: null,
      reopenCount: 0,
      waitingSince: ticket.waitingSince,
    })

    const message = await reply(ticket)
    support.clock.advance(1_000)
    await asAdmin(
      `mutation ($id: ID!) { setTicketStatus(input: { id: $id, status: CLOSED }) { userErrors { code } } }`,
      { id: ticket.id },
    )
    expect(await ticketNow(ticket)).toMatchObject({ status: 'CLOSED' })
    await recall(asAuthor, message.id)
    expect(await ticketNow(ticket)).toMatchObject({ status: 'CLOSED', waitingSince: null })
  })

  it('leaves what was answered before it answered', async () => {
    const ticket = await aTicket()
    const first = await reply(ticket)
    support.clock.advance(30_000)
    const second = await reply(ticket)
    await recall(asAuthor, second.id)
    expect(await ticketNow(ticket)).toMatchObject({ waitingSince: null, firstRepliedAt: first.createdAt })
  })

  it('is not what was said last, once it is recalled or deleted', async () => {
    const ticket = await aTicket()
    const last = async () => {
      const query = `query ($id: ID!) { ticket(id: $id) { lastMessage { content } } }`
      const { data } = await asAuthor<{ ticket: { lastMessage: { content: string } | null } }>(query, { id: ticket.id })
      return data?.ticket.lastMessage?.content
    }
    const before = await last()
    expect(before).toEqual(expect.any(String))
    const sent = await reply(ticket, { content: 'It is on its way.' })
    support.clock.advance(1_000)
    const held = await reply(ticket, { content: 'Oops.' })
    expect(await last()).toBe('Oops.')
    await recall(asAuthor, held.id)
    expect(await last()).toBe('It is on its way.')
    await remove(asAdmin, sent.id)
    expect(await last()).toBe(before)
  })

  it('is recalled by its author and by who may change all tickets', async () => {
    const ticket = await support.aTicket(tenant, {}, { assigneeId: author.id })
    const message = await reply(ticket)
    const other = await support.asAgent(await support.anAgent(tenant, { role: 'AGENT' }))
    expect(await recall(other, message.id)).toEqual({ code: 'NOT_FOUND' })
    await db().ticket.updateMany({ where: { tenantId: tenant.id, id: ticket.id }, data: { assigneeId: null } })
    expect(await recall(other, message.id)).toEqual({ code: 'FORBIDDEN' })
    expect(await edit(asAdmin, message.id, 'Mine now.')).toEqual({ code: 'FORBIDDEN' })
    expect(await recall(asAdmin, message.id)).toMatchObject({ status: 'RECALLED' })
    expect(await recall(asAdmin, message.id)).toEqual({ code: 'INVALID_TRANSITION' })
    expect(await recall(asAdmin, 'no id')).toEqual({ code: 'NOT_FOUND' })
    const stranger = await support.asAgent(await support.anAgent(await support.aTenant()))
    expect(await recall(stranger, message.id)).toEqual({ code: 'NOT_FOUND' })
  })

  it('is edited by its author alone', async () => {
    const ticket = await aTicket()
    const message = await reply(ticket)
    expect(await edit(asAuthor, message.id, ' Today. ')).toMatchObject({
      code: undefined,
      content: 'Today.',
      status: 'HELD',
    })
    expect(await edit(asAuthor, message.id, 'Today.')).toMatchObject({ code: undefined })
    expect(await edit(asAuthor, message.id, '')).toEqual({ code: 'REQUIRED' })
    expect(await messageNow(message)).toMatchObject({ content: 'Today.', editedAt: support.clock.now() })
    const [, edited, ...more] = await logOf(ticket)
    expect(more).toEqual([])
    expect(edited).toMatchObject({
      type: 'MESSAGE_EDITED',
      payload: { messageId: message.id, revision: 3, changes: [{ field: 'content', from: 'Soon.', to: 'Today.' }] },
    })
  })
})

describe('a message that is on its way', () => {
  it.each(['QUEUED', 'SENDING', 'SENT', 'FAILED'])('as %s is neither recalled nor edited', async (deliveryStatus) => {
    const ticket = await aTicket()
    const message = await reply(ticket)
    await db().message.updateMany({ where: { tenantId: tenant.id, id: message.id }, data: { deliveryStatus } })
    expect(await recall(asAuthor, message.id)).toEqual({ code: 'INVALID_TRANSITION' })
    expect(await edit(asAuthor, message.id, 'Later.')).toEqual({ code: 'INVALID_TRANSITION' })
    expect(await typesOf(ticket)).toEqual(['MESSAGE_SENT'])
    expect(await messageNow(message)).toMatchObject({ content: 'Soon.', deliveryStatus })
  })

  it('cannot be recalled from the very instant on at which it may go out', async () => {
    const message = await reply(await aTicket())
    support.clock.advance(15_000)
    expect(await recall(asAuthor, message.id)).toEqual({ code: 'INVALID_TRANSITION' })
  })

  it('is shown as QUEUED while it is SENDING', async () => {
    const ticket = await aTicket()
    const message = await reply(ticket)
    await db().message.updateMany({
      where: { tenantId: tenant.id, id: message.id },
      data: { deliveryStatus: 'SENDING' },
    })
    const query = `query ($id: ID!) { ticket(id: $id) { lastMessage { delivery { status undoUntil } } } }`
    const { data } = await asAuthor(query, { id: ticket.id })
    expect(data).toEqual({ ticket: { lastMessage: { delivery: { status: 'QUEUED', undoUntil: null } } } })
  })

  it('or recalled: of a delivery and a recall at once, exactly one happens', async () => {
    for (let round = 0; round < 10; round += 1) {
      const message = await reply(await aTicket())
      // As a delivery takes it: compared and set on the row.
      const deliver = () =>
        support.database.system.message.updateMany({
          where: { tenantId: tenant.id, id: message.id, deliveryStatus: 'HELD' },
          data: { deliveryStatus: 'SENDING' },
        })
      const [taken, recalled] = await Promise.all([deliver(), recall(asAuthor, message.id)])
      const { deliveryStatus } = await messageNow(message)
      expect(deliveryStatus).toBe(taken.count === 1 ? 'SENDING' : 'RECALLED')
      expect(recalled.code).toBe(taken.count === 1 ? 'INVALID_TRANSITION' : undefined)
    }
  })
})

describe('a deletion', () => {
  it('empties what was said, for who may delete, and keeps its place', async () => {
    const ticket = await aTicket()
    const message = await reply(ticket)
    await db().message.updateMany({ where: { tenantId: tenant.id, id: message.id }, data: { deliveryStatus: 'SENT' } })
    const [said] = await db().message.findMany({
      where: { tenantId: tenant.id, ticketId: ticket.id },
      orderBy: { createdAt: 'asc' },
    })
    expect(await remove(asAuthor, said!.id)).toBe('FORBIDDEN')
    expect(await remove(asAdmin, said!.id)).toBe(said!.id)
    expect(await remove(asAdmin, said!.id)).toBe(said!.id)
    expect(await remove(asAdmin, message.id)).toBe(message.id)
    const query = `query ($id: ID!) { ticket(id: $id) { messages { nodes { id content contentHtml editedAt } pageInfo { hasNextPage } } } }`
    const { data } = await asAdmin(query, { id: ticket.id })
    const empty = { content: '', contentHtml: null, editedAt: support.clock.now().toISOString() }
    expect(data).toEqual({
      ticket: {
        messages: {
          nodes: [
            { id: said!.id, ...empty },
            { id: message.id, ...empty },
          ],
          pageInfo: { hasNextPage: false },
        },
      },
    })
    const log = await logOf(ticket)
    expect(log.map(({ type }) => type)).toEqual(['MESSAGE_SENT', 'MESSAGE_DELETED', 'MESSAGE_DELETED'])
    expect(log[1]!.payload.changes).toEqual([])
    expect(await ticketNow(ticket)).toMatchObject({ revision: 4 })
  })

  it('of a held message is its recall, and waits while it goes out', async () => {
    const ticket = await aTicket()
    const held = await reply(ticket)
    expect(await remove(asAuthor, held.id)).toBe(held.id)
    expect(await messageNow(held)).toMatchObject({ deliveryStatus: 'RECALLED', content: 'Soon.' })
    const going = await reply(ticket)
    for (const deliveryStatus of ['QUEUED', 'SENDING']) {
      await db().message.updateMany({ where: { tenantId: tenant.id, id: going.id }, data: { deliveryStatus } })
      expect(await remove(asAdmin, going.id)).toBe('INVALID_TRANSITION')
    }
    expect(await messageNow(going)).toMatchObject({ content: 'Soon.' })
    expect(await remove(asAdmin, crypto.randomUUID())).toBe('NOT_FOUND')
  })

  it('of a customer’s words is never an edit', async () => {
    const ticket = await aTicket()
    const [said] = await db().message.findMany({ where: { tenantId: tenant.id, ticketId: ticket.id } })
    expect(await edit(asAdmin, said!.id, 'I am very happy.')).toEqual({ code: 'INVALID_TRANSITION' })
  })
})
