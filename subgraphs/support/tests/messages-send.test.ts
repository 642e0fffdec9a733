import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Message, Prisma, Tenant, Ticket } from '../generated/prisma/client.ts'
import type { TicketEventPayload } from '../src/log/ticket-events.ts'
import { openSupport, refusal, serviceOf, start, type Ask, type TestAgent, type TestSupport } from './kit.ts'
import { sendMessage } from '../src/messages/send.ts'

let support: TestSupport
let tenant: Tenant
let admin: TestAgent
let asAdmin: Ask
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())
beforeEach(async () => {
  tenant = await support.aTenant()
  admin = await support.anAgent(tenant, { name: 'Ada' })
  asAdmin = await support.asAgent(admin)
})

const send = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) {
  message { id content fromAgent authorName author { __typename ... on Agent { id } } contentHtml editedAt
    inReplyTo { id } ticket { id status waitingOn conversationRevision assignee { id } }
    delivery { status attempts lastError undoUntil } }
  missed { type message { content } } asOf userErrors { code path } } }`

type Sent = {
  sendMessage: {
    message: {
      id: string
      content: string
      ticket: {
        status: string
        waitingOn: string | null
        conversationRevision: string
        assignee: { id: string } | null
      }
      delivery: { status: string; undoUntil: string | null }
    } | null
    missed: { type: string; message: { content: string } }[] | null
    asOf: string | null
    userErrors: { code: string; path: string[] | null }[]
  }
}
let keys = 0
const key = () => `key ${(keys += 1)}`
async function reply(ask: Ask, ticket: Ticket, input: Record<string, unknown> = {}) {
  const all = { ticketId: ticket.id, content: 'It is on its way.', idempotencyKey: key(), ...input }
  const { data, errors } = await ask<Sent>(send, { input: all })
  expect(errors).toEqual([])
  return data!.sendMessage
}
const ticketNow = (ticket: Ticket) =>
  support.database.forTenant(tenant.id).ticket.findFirstOrThrow({ where: { tenantId: tenant.id, id: ticket.id } })
const messages = (ticket: Ticket): Promise<Message[]> =>
  support.database.forTenant(tenant.id).message.findMany({
    where: { tenantId: tenant.id, ticketId: ticket.id },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  })
const setTenant = (data: Prisma.TenantUpdateManyMutationInput) =>
  support.database.system.tenant.updateMany({ where: { id: tenant.id }, data: { ...data, configVersion: 2 + keys } })
async function logOf(ticket: Ticket) {
  await support.module.sequence()
  const rows = await support.database.forTenant(tenant.id).loggedEvent.findMany({
    where: { tenantId: tenant.id, ticketId: ticket.id },
    orderBy: { sequence: 'asc' },
  })
  return rows.map(({ type, payload }) => ({ type, payload: payload as unknown as TicketEventPayload }))
}
const typesOf = async (ticket: Ticket) => (await logOf(ticket)).map(({ type }) => type)

describe('an answer', () => {
  it('is held for as long as it can be recalled, and moves the conversation on', async () => {
    const ticket = await support.aTicket(tenant)
    const [first] = await messages(ticket)
    support.clock.advance(60_000)
    const now = support.clock.now()
    const { message, userErrors, missed } = await reply(asAdmin, ticket, { inReplyToId: first!.id })
    expect([userErrors, missed]).toEqual([[], null])
    const undoUntil = new Date(now.getTime() + 15_000)
    expect(message).toMatchObject({
      content: 'It is on its way.',
      fromAgent: true,
      authorName: 'Ada',
      author: { __typename: 'Agent', id: admin.id },
      inReplyTo: { id: first!.id },
      delivery: { status: 'HELD', attempts: 0, lastError: null, undoUntil: undoUntil.toISOString() },
      ticket: { status: 'OPEN', conversationRevision: 'r2' },
    })
    const customer = await support.database
      .forTenant(tenant.id)
      .customer.findFirstOrThrow({ where: { tenantId: tenant.id, id: ticket.customerId } })
    expect((await messages(ticket))[1]).toMatchObject({
      recipient: customer.email,
      channel: 'EMAIL',
      nextAttemptAt: undoUntil,
      isAutomatic: false,
    })
    expect(await ticketNow(ticket)).toMatchObject({ waitingSince: null, firstRepliedAt: now, revision: 2 })
    const log = await logOf(ticket)
    expect(log.map(({ type }) => type)).toEqual(['TICKET_CREATED', 'MESSAGE_RECEIVED', 'MESSAGE_SENT'])
    expect(log[2]!.payload).toMatchObject({
      actor: { kind: 'agent', id: admin.id },
      messageId: message!.id,
      revision: 2,
      changes: [],
    })
    const sla = await support.database
      .forTenant(tenant.id)
      .ticketSla.findFirst({ where: { tenantId: tenant.id, ticketId: ticket.id } })
    expect(sla?.history).toContainEqual({ at: now.toISOString(), kind: 'agent_message', messageId: message!.id })
  })

  it('is due at once where nothing is held, and on the real clock where a demo’s was moved', async () => {
    await setTenant({ undoSendSeconds: 0 })
    const ticket = await support.aTicket(tenant)
    const { message } = await reply(asAdmin, ticket)
    expect(message!.delivery).toMatchObject({ status: 'QUEUED', undoUntil: null })
    expect((await messages(ticket))[1]!.nextAttemptAt).toEqual(support.clock.now())

    await setTenant({ isDemo: true, undoSendSeconds: 15, clockOffsetSeconds: 86_400, configVersion: 77 })
    const ahead = await reply(asAdmin, ticket)
    const [, , last] = await messages(ticket)
    expect(last!.undoUntil!.getTime()).toBe(support.clock.now().getTime() + 86_400_000 + 15_000)
    expect(last!.nextAttemptAt!.getTime()).toBe(support.clock.now().getTime() + 15_000)
    expect(ahead.message!.delivery.status).toBe('HELD')
  })

  it('puts the ticket in a state, waiting on the customer where it is PENDING', async () => {
    const ticket = await support.aTicket(tenant)
    const pending = await reply(asAdmin, ticket, { thenStatus: 'PENDING' })
    expect(pending.message!.ticket).toMatchObject({ status: 'PENDING', waitingOn: 'CUSTOMER' })
    const closed = await reply(asAdmin, ticket, { thenStatus: 'CLOSED' })
    expect(closed.message!.ticket).toMatchObject({ status: 'CLOSED', waitingOn: null })
    const after = await reply(asAdmin, ticket)
    expect(after.message!.ticket.status).toBe('CLOSED')
    const refused = await reply(asAdmin, ticket, { thenStatus: 'PENDING' })
    expect(refused).toMatchObject({ message: null, userErrors: refusal('INVALID_TRANSITION', 'input', 'thenStatus') })
    expect(await messages(ticket)).toHaveLength(4)
    expect((await typesOf(ticket)).slice(2)).toEqual([
      'MESSAGE_SENT',
      'STATUS_CHANGED',
      'MESSAGE_SENT',
      'STATUS_CHANGED',
      'MESSAGE_SENT',
    ])
  })

  it('takes a ticket of nobody’s for an agent who may only change their own', async () => {
    const agent = await support.anAgent(tenant, { role: 'AGENT' })
    const ticket = await support.aTicket(tenant)
    const { message } = await reply(await support.asAgent(agent), ticket)
    expect(message!.ticket.assignee).toEqual({ id: agent.id })
    const db = support.database.forTenant(tenant.id)
    expect(await db.assignment.findMany({ where: { tenantId: tenant.id, ticketId: ticket.id } })).toMatchObject([
      { agentId: agent.id, strategy: 'TAKEN', explanation: 'Replied first.' },
    ])
    expect((await typesOf(ticket)).slice(2)).toEqual(['ASSIGNED', 'MESSAGE_SENT'])
    // Another agent no longer sees it; one who may change all leaves it where it is.
    const other = await reply(await support.asAgent(await support.anAgent(tenant, { role: 'AGENT' })), ticket)
    expect(other.userErrors).toEqual(refusal('NOT_FOUND', 'input', 'ticketId'))
    const lead = await reply(asAdmin, ticket)
    expect(lead.message!.ticket.assignee).toEqual({ id: agent.id })
  })

  it('of a service is automatic: it answers nobody', async () => {
    const ticket = await support.aTicket(tenant)
    const input = { ticketId: ticket.id, content: 'We have got it.', idempotencyKey: key() }
    const now = support.clock.now()
    await support.database.transact(tenant.id, (tx) => sendMessage(tx, serviceOf(tenant.id), input, now))
    expect(await ticketNow(ticket)).toMatchObject({ firstRepliedAt: null, waitingSince: ticket.createdAt, revision: 2 })
    const query = `query ($id: ID!) { ticket(id: $id) { lastMessage { author { __typename ... on SystemActor { kind name } } } } }`
    const { data } = await asAdmin(query, { id: ticket.id })
    expect(data).toEqual({
      ticket: { lastMessage: { author: { __typename: 'SystemActor', kind: 'INTEGRATION', name: 'gateway' } } },
    })
  })

  it('reaches nobody from a demo ticket', async () => {
    await setTenant({ demoMode: true })
    const ticket = await support.aTicket(tenant, { isDemo: true })
    const { message } = await reply(asAdmin, ticket)
    expect(message!.delivery.status).toBe('HELD')
    expect((await messages(ticket))[1]!.recipient).toBeNull()
  })

  it('is refused where it cannot be said', async () => {
    const ticket = await support.aTicket(tenant)
    const elsewhere = await support.aTicket(tenant)
    const [foreign] = await messages(elsewhere)
    const { id: customerId } = await support.aCustomer(tenant, { email: null, phone: '+41 44 000 00 00' })
    const sms = await support.aTicket(tenant, { channel: 'SMS', customerId })
    const mail = await support.aTicket(tenant, { channel: 'EMAIL', customerId })
    const merged = await support.aTicket(tenant, {}, { status: 'CLOSED', closedAt: start, mergedIntoId: ticket.id })
    const strangers = await support.aTicket(await support.aTenant())
    const cases: [Ticket, Record<string, unknown>, string, string][] = [
      [ticket, { content: ' ' }, 'REQUIRED', 'content'],
      [ticket, { content: 'x'.repeat(50_001) }, 'TOO_LONG', 'content'],
      [ticket, { content: 'a\u0000b' }, 'INVALID', 'content'],
      [sms, { content: 'x'.repeat(1_601) }, 'TOO_LONG', 'content'],
      [mail, {}, 'INVALID', 'ticketId'],
      [merged, {}, 'CONFLICT', 'ticketId'],
      [strangers, {}, 'NOT_FOUND', 'ticketId'],
      [ticket, { ticketId: 'no id' }, 'NOT_FOUND', 'ticketId'],
      [ticket, { inReplyToId: foreign!.id }, 'NOT_FOUND', 'inReplyToId'],
      [ticket, { inReplyToId: 'no id' }, 'NOT_FOUND', 'inReplyToId'],
      [ticket, { attachmentIds: ['no id'] }, 'NOT_FOUND', 'attachmentIds'],
      [ticket, { expectedRevision: 'x' }, 'INVALID', 'expectedRevision'],
      [ticket, { idempotencyKey: '' }, 'INVALID', 'idempotencyKey'],
      [ticket, { idempotencyKey: 'x'.repeat(201) }, 'INVALID', 'idempotencyKey'],
      [ticket, { idempotencyKey: 'a\u0000' }, 'INVALID', 'idempotencyKey'],
    ]
    for (const [on, input, code, field] of cases) {
      const answer = await reply(asAdmin, on, input)
      expect(answer, JSON.stringify(input).slice(0, 80)).toMatchObject({
        message: null,
        asOf: null,
        missed: null,
        userErrors: refusal(code, 'input', field),
      })
    }
    expect(await typesOf(ticket)).toEqual(['TICKET_CREATED', 'MESSAGE_RECEIVED'])
    expect(await messages(ticket)).toHaveLength(1)
  })
})

describe('the same call again', () => {
  it('gives the first answer, and with another body is refused', async () => {
    const ticket = await support.aTicket(tenant)
    const idempotencyKey = key()
    const first = await reply(asAdmin, ticket, { idempotencyKey })
    const again = await reply(asAdmin, ticket, { idempotencyKey })
    expect(again.message!.id).toBe(first.message!.id)
    for (const other of [{ content: 'Something else.' }, { thenStatus: 'CLOSED' }, { draftId: 'd' }]) {
      const refused = await reply(asAdmin, ticket, { idempotencyKey, ...other })
      expect(refused.userErrors).toEqual(refusal('IDEMPOTENCY_KEY_REUSED', 'input', 'idempotencyKey'))
    }
    const colleague = await support.asAgent(await support.anAgent(tenant))
    const theirs = await reply(colleague, ticket, { idempotencyKey })
    expect(theirs.userErrors).toEqual(refusal('IDEMPOTENCY_KEY_REUSED', 'input', 'idempotencyKey'))
    expect(await messages(ticket)).toHaveLength(2)
  })

  it('is refused once the first is gone: it is not said again', async () => {
    const ticket = await support.aTicket(tenant)
    const idempotencyKey = key()
    await reply(asAdmin, ticket, { idempotencyKey })
    await asAdmin('mutation ($id: ID!) { deleteTicket(input: { id: $id }) { deletedId } }', { id: ticket.id })
    const { userErrors } = await reply(asAdmin, ticket, { idempotencyKey })
    expect(userErrors).toEqual(refusal('NOT_FOUND', 'input', 'idempotencyKey'))
  })

  it('twenty times at once sends one message', async () => {
    const ticket = await support.aTicket(tenant)
    const idempotencyKey = key()
    const answers = await Promise.all(Array.from({ length: 20 }, () => reply(asAdmin, ticket, { idempotencyKey })))
    expect(new Set(answers.map(({ message }) => message?.id)).size).toBe(1)
    expect(await messages(ticket)).toHaveLength(2)
    expect(await typesOf(ticket)).toEqual(['TICKET_CREATED', 'MESSAGE_RECEIVED', 'MESSAGE_SENT'])
  })
})

describe('of agents who answer at once', () => {
  it('exactly one is heard; the others learn what was said in between', async () => {
    const ticket = await support.aTicket(tenant)
    const colleagues = [
      asAdmin,
      ...(await Promise.all([1, 2, 3].map(async () => support.asAgent(await support.anAgent(tenant))))),
    ]
    const answers = await Promise.all(
      colleagues.map((ask, index) => reply(ask, ticket, { content: `answer ${index}`, expectedRevision: 'r1' })),
    )
    const sent = answers.filter(({ message }) => message !== null)
    expect(sent).toHaveLength(1)
    await support.module.sequence()
    for (const { message, userErrors } of answers.filter((answer) => answer.message === null)) {
      expect(message).toBeNull()
      expect(userErrors).toEqual(refusal('CONVERSATION_ADVANCED', 'input', 'expectedRevision'))
    }
    const late = await reply(asAdmin, ticket, { expectedRevision: 'r1' })
    expect(late.missed).toEqual([{ type: 'MESSAGE_SENT', message: { content: sent[0]!.message!.content } }])
    expect(await messages(ticket)).toHaveLength(2)
    const informed = await reply(asAdmin, ticket, { expectedRevision: 'r2' })
    expect(informed.userErrors).toEqual([])
  })

  it('without a revision all are heard', async () => {
    const ticket = await support.aTicket(tenant)
    const answers = await Promise.all([1, 2, 3].map((index) => reply(asAdmin, ticket, { content: `answer ${index}` })))
    expect(answers.every(({ message }) => message !== null)).toBe(true)
    expect(await ticketNow(ticket)).toMatchObject({ revision: 4 })
  })
})
