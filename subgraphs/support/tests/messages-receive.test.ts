import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Customer, Prisma, Tenant, Ticket } from '../generated/prisma/client.ts'
import type { TicketEventPayload } from '../src/log/ticket-events.ts'
import { receive, type Inbound, type InboundFacts } from '../src/messages/receive.ts'
import { openSupport, refusal, serviceOf, type Ask, type TestSupport } from './kit.ts'

let support: TestSupport
let tenant: Tenant
let customer: Customer
let asAdmin: Ask
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())
beforeEach(async () => {
  tenant = await support.aTenant()
  customer = await support.aCustomer(tenant, { name: 'Grace', email: 'grace@mail.example' })
  asAdmin = await support.asAgent(await support.anAgent(tenant))
})

const dayMs = 86_400_000
const db = () => support.database.forTenant(tenant.id)
const ticketNow = (id: string) => db().ticket.findFirstOrThrow({ where: { tenantId: tenant.id, id } })
const ticketsOf = () =>
  db().ticket.findMany({ where: { tenantId: tenant.id, customerId: customer.id }, orderBy: { number: 'asc' } })
const aTicket = (
  and: Prisma.TicketUncheckedUpdateManyInput = {},
  given: Partial<{ channel: string; isDemo: boolean }> = {},
) => support.aTicket(tenant, { customerId: customer.id, ...given }, and)
/** A closed ticket, so many days ago. */
const closed = (days: number): Prisma.TicketUncheckedUpdateManyInput => {
  const at = new Date(support.clock.now().getTime() - days * dayMs)
  return { status: 'CLOSED', closedAt: at, stateSince: at, waitingSince: null }
}
let ids = 0
const anInbound = (input: Partial<Inbound> = {}): Inbound => ({
  customerId: customer.id,
  channel: 'EMAIL',
  content: 'Hello?',
  externalId: `<${(ids += 1)}@mail.example>`,
  ...input,
})
const take = (input: Partial<Inbound> = {}, facts: InboundFacts = {}) =>
  support.database.transact(tenant.id, (tx) =>
    receive(tx, serviceOf(tenant.id), anInbound(input), support.clock.now(), facts),
  )
const said = (ticketId: string) => ({ customerId: null, ticketId })
async function logOf(ticketId: string) {
  await support.module.sequence()
  const rows = await db().loggedEvent.findMany({
    where: { tenantId: tenant.id, ticketId },
    orderBy: { sequence: 'asc' },
  })
  return rows.map(({ type, payload }) => ({ type, payload: payload as unknown as TicketEventPayload }))
}

const mutation = `mutation ($input: ReceiveMessageInput!) { receiveMessage(input: $input) {
  message { id content fromAgent authorName authorEmail author { __typename ... on Customer { id } } delivery { status }
    ticket { id subject status conversationRevision } } asOf userErrors { code path } } }`
type Answer = {
  receiveMessage: {
    message: { id: string; ticket: { id: string; subject: string; status: string } } | null
    userErrors: { code: string }[]
  }
}
async function ask(who: Ask, input: Partial<Inbound>) {
  const { data, errors } = await who<Answer>(mutation, { input: anInbound(input) })
  expect(errors).toEqual([])
  return data!.receiveMessage
}

describe('what a customer says first', () => {
  it('opens a ticket, its subject the first line unless there is one', async () => {
    const { message } = await ask(asAdmin, { content: 'Where is it?\nI ordered on Monday.' })
    expect(message).toMatchObject({
      content: 'Where is it?\nI ordered on Monday.',
      fromAgent: false,
      authorName: 'Grace',
      authorEmail: 'grace@mail.example',
      author: { __typename: 'Customer', id: customer.id },
      delivery: null,
      ticket: { subject: 'Where is it?', status: 'OPEN', conversationRevision: 'r1' },
    })
    const sms = await ask(asAdmin, { channel: 'SMS', subject: ' My order ' })
    expect(sms.message!.ticket.subject).toBe('My order')
    expect((await ticketsOf()).map(({ channel }) => channel)).toEqual(['EMAIL', 'SMS'])
  })

  it('twice within 200 ms is one ticket', async () => {
    for (const round of [1, 2, 3, 4, 5]) {
      customer = await support.aCustomer(tenant)
      const first = take({ content: `first ${round}` })
      support.clock.advance(200)
      const second = take({ content: `second ${round}` })
      const [one, two] = await Promise.all([first, second])
      expect(one.message.ticketId).toBe(two.message.ticketId)
      expect(await ticketsOf()).toHaveLength(1)
      expect(await ticketNow(one.message.ticketId)).toMatchObject({ revision: 2, status: 'OPEN' })
    }
  })

  it('of ten customers at once is ten tickets', async () => {
    const customers = await Promise.all(Array.from({ length: 10 }, () => support.aCustomer(tenant)))
    const taken = await Promise.all(customers.map(({ id }) => take({ customerId: id })))
    expect(new Set(taken.map(({ message }) => message.ticketId)).size).toBe(10)
  })
})

describe('the same message again', () => {
  it('is the same answer, whatever else it says', async () => {
    const { message } = await take({ externalId: '<same@mail.example>' })
    const again = await take({ externalId: '<same@mail.example>', content: 'Something else.' })
    expect(again).toMatchObject({ message: { id: message.id, content: 'Hello?' }, eventId: null })
    const sms = await take({ externalId: '<same@mail.example>', channel: 'SMS' })
    expect(sms.message.id).not.toBe(message.id)
  })

  it('twenty times at once is one message', async () => {
    const ticket = await aTicket()
    const all = await Promise.all(
      Array.from({ length: 20 }, () => take({ ...said(ticket.id), externalId: '<x@y.example>' })),
    )
    expect(new Set(all.map(({ message }) => message.id)).size).toBe(1)
    expect(await ticketNow(ticket.id)).toMatchObject({ revision: 2 })
    expect((await logOf(ticket.id)).map(({ type }) => type)).toEqual([
      'TICKET_CREATED',
      'MESSAGE_RECEIVED',
      'MESSAGE_RECEIVED',
    ])
  })

  it('of ours is refused: it came back', async () => {
    const ticket = await aTicket()
    await support.aMessage(ticket, { channel: 'EMAIL', externalId: '<ours@shop.example>' })
    await expect(take({ externalId: '<ours@shop.example>' })).rejects.toMatchObject({ errors: [{ code: 'CONFLICT' }] })
  })
})

describe('what a customer says next', () => {
  it('belongs to the newest ticket on the channel that is not done', async () => {
    await aTicket()
    support.clock.advance(1_000)
    const newest = await aTicket()
    support.clock.advance(1_000)
    await aTicket({}, { channel: 'CHAT' })
    await aTicket(closed(0))
    expect((await take()).message.ticketId).toBe(newest.id)
    expect((await logOf(newest.id)).at(-1)).toMatchObject({
      type: 'MESSAGE_RECEIVED',
      payload: { actor: { kind: 'customer', id: customer.id }, revision: 2 },
    })
  })

  it('brings back a ticket that waits, also out of a snooze', async () => {
    const snoozedUntil = new Date(support.clock.now().getTime() + dayMs)
    for (const and of [{ waitingOn: 'CUSTOMER' }, { waitingOn: 'SNOOZE', snoozedUntil }]) {
      const ticket = await aTicket({ status: 'PENDING', waitingSince: null, ...and })
      support.clock.advance(1_000)
      await take(said(ticket.id))
      expect(await ticketNow(ticket.id)).toMatchObject({
        ...{ status: 'OPEN', waitingOn: null, snoozedUntil: null, reopenCount: 0 },
        ...{ waitingSince: support.clock.now(), stateSince: support.clock.now() },
      })
      expect((await logOf(ticket.id)).slice(2).map(({ type }) => type)).toEqual(['MESSAGE_RECEIVED', 'STATUS_CHANGED'])
    }
  })

  it('keeps the instant since when somebody waits', async () => {
    const ticket = await aTicket()
    support.clock.advance(1_000)
    await take(said(ticket.id))
    expect(await ticketNow(ticket.id)).toMatchObject({ waitingSince: ticket.createdAt })
  })

  it('reopens a ticket that was closed within the window', async () => {
    const ticket = await aTicket(closed(13.9))
    const byCustomer = await take()
    expect(byCustomer.message.ticketId).toBe(ticket.id)
    expect(await ticketNow(ticket.id)).toMatchObject({ status: 'OPEN', closedAt: null, reopenCount: 1 })
  })

  it('after the window starts a follow-up, once, and both tickets say so', async () => {
    const old = await aTicket(closed(14.1))
    const [byTicket, byCustomer] = await Promise.all([take(said(old.id)), take()])
    const { ticketId } = byTicket.message
    expect(byCustomer.message.ticketId).toBe(ticketId)
    const followUp = await ticketNow(ticketId)
    expect(followUp).toMatchObject({ subject: `Re: ${old.subject}`, status: 'OPEN', revision: 2 })
    expect(await ticketNow(old.id)).toMatchObject({ status: 'CLOSED', reopenCount: 0 })
    const link = (field: string, to: string) => expect.objectContaining({ field, from: null, to })
    expect((await logOf(old.id)).at(-1)).toMatchObject({
      type: 'TICKET_UPDATED',
      payload: { changes: [link('followedUpBy', ticketId)] },
    })
    expect((await logOf(ticketId)).map(({ payload }) => payload.changes).flat()).toContainEqual(
      link('followUpOf', old.id),
    )
  })

  it('on a ticket that was merged belongs to its target', async () => {
    const target = await aTicket()
    const middle = await aTicket({ ...closed(0), mergedIntoId: target.id })
    const first = await aTicket({ ...closed(30), mergedIntoId: middle.id })
    expect((await take(said(first.id))).message.ticketId).toBe(target.id)
  })

  it('by an id that was merged into another customer’s is that one’s', async () => {
    const ticket = await aTicket()
    const alias = crypto.randomUUID()
    await db().customerAlias.create({
      data: { tenantId: tenant.id, id: alias, customerId: customer.id, createdAt: support.clock.now() },
    })
    expect((await take({ customerId: alias })).message.ticketId).toBe(ticket.id)
  })

  it('never lands on a demo ticket by itself', async () => {
    const demo = await aTicket({ isDemo: true })
    expect((await take()).message.ticketId).not.toBe(demo.id)
    expect((await take(said(demo.id))).message.ticketId).toBe(demo.id)
  })
})

describe('an automatic message', () => {
  it('is recorded, but reopens nothing and waits for no answer', async () => {
    for (const state of [{ status: 'PENDING', waitingOn: 'CUSTOMER', waitingSince: null }, closed(1), closed(100)]) {
      const ticket = await aTicket(state)
      const { message } = await take(said(ticket.id), { isAutomatic: true })
      expect(message).toMatchObject({ ticketId: ticket.id, isAutomatic: true })
      const now = await ticketNow(ticket.id)
      expect(now).toMatchObject({ status: state.status, waitingSince: null, revision: 2 })
      const sla = await db().ticketSla.findFirst({ where: { tenantId: tenant.id, ticketId: ticket.id } })
      expect(JSON.stringify(sla?.history)).not.toContain(message.id)
    }
  })

  it('without a ticket lies on the customer’s last one, and opens one only where there is none', async () => {
    const ticket = await aTicket(closed(100))
    expect((await take({}, { isAutomatic: true })).message.ticketId).toBe(ticket.id)
    customer = await support.aCustomer(tenant)
    const { message } = await take({}, { isAutomatic: true })
    expect(message.isAutomatic).toBe(true)
    expect(await ticketsOf()).toHaveLength(1)
    customer = await support.aCustomer(tenant)
    await expect(take({}, { mayOpen: false })).rejects.toMatchObject({ errors: [{ code: 'LIMIT_EXCEEDED' }] })
    expect(await ticketsOf()).toEqual([])
  })
})

describe('what came by a channel', () => {
  it('is kept as text, and as rich text without what harms', async () => {
    const ticket = await aTicket()
    const [first] = await db().message.findMany({ where: { tenantId: tenant.id, ticketId: ticket.id } })
    const contentHtml =
      '<p onclick="x()">Hi <b>there</b></p><script>alert(1)</script><img src="https://spy.example/x.gif">'
    const facts = { contentHtml, authorName: 'Grace\r\nBcc: x', authorEmail: 'g@mail.example', inReplyToId: first!.id }
    const { message } = await take({ ...said(ticket.id), content: 'Hi there' }, facts)
    expect(message).toMatchObject({
      ...{ content: 'Hi there', contentHtml: '<p>Hi <b>there</b></p>' },
      ...{ authorName: 'Grace Bcc: x', authorEmail: 'g@mail.example', inReplyToId: first!.id, channel: 'EMAIL' },
    })
    const stray = await take(said(ticket.id), { inReplyToId: crypto.randomUUID() })
    expect(stray.message.inReplyToId).toBeNull()
  })

  it('notes when and how the customer was last heard of', async () => {
    await take({ channel: 'CHAT' })
    expect(await db().customer.findFirst({ where: { tenantId: tenant.id, id: customer.id } })).toMatchObject({
      lastContactAt: support.clock.now(),
      lastChannel: 'CHAT',
    })
  })

  it('is refused where it is nothing that was said, or of nobody', async () => {
    const ticket = await aTicket()
    const other = await support.aCustomer(tenant)
    const stranger = await support.aCustomer(await support.aTenant())
    const cases: [Partial<Inbound>, string, string][] = [
      [{ content: ' ' }, 'REQUIRED', 'content'],
      [{ content: 'x'.repeat(50_001) }, 'TOO_LONG', 'content'],
      [{ content: 'a\u0000' }, 'INVALID', 'content'],
      [{ subject: 'x'.repeat(301) }, 'TOO_LONG', 'subject'],
      [{ externalId: '' }, 'REQUIRED', 'externalId'],
      [{ externalId: 'x'.repeat(1_001) }, 'TOO_LONG', 'externalId'],
      [{ customerId: null }, 'REQUIRED', 'customerId'],
      [{ customerId: 'no id' }, 'NOT_FOUND', 'customerId'],
      [{ customerId: stranger.id }, 'NOT_FOUND', 'customerId'],
      [{ ticketId: 'no id' }, 'NOT_FOUND', 'ticketId'],
      [{ ticketId: crypto.randomUUID() }, 'NOT_FOUND', 'ticketId'],
      [{ ticketId: ticket.id, customerId: other.id }, 'CONFLICT', 'customerId'],
      [{ ticketId: ticket.id, attachmentIds: [crypto.randomUUID()] }, 'NOT_FOUND', 'attachmentIds'],
    ]
    for (const [input, code, field] of cases) {
      const answer = await ask(asAdmin, input)
      expect(answer, JSON.stringify(input).slice(0, 80)).toMatchObject({
        message: null,
        userErrors: refusal(code, 'input', field),
      })
    }
    expect((await logOf(ticket.id)).map(({ type }) => type)).toEqual(['TICKET_CREATED', 'MESSAGE_RECEIVED'])
  })

  it('may be written down by an agent on their own ticket and on nobody’s', async () => {
    const agent = await support.anAgent(tenant, { role: 'AGENT' })
    const asAgent = await support.asAgent(agent)
    const nobodys: Ticket = await aTicket()
    expect((await ask(asAgent, said(nobodys.id))).userErrors).toEqual([])
    expect((await logOf(nobodys.id)).at(-1)!.payload.actor).toEqual({ kind: 'agent', id: agent.id })
    const colleague = await support.anAgent(tenant)
    const theirs = await aTicket({ assigneeId: colleague.id })
    const externalId = '<theirs@mail.example>'
    expect((await ask(asAgent, said(theirs.id))).userErrors).toEqual(refusal('NOT_FOUND', 'input', 'ticketId'))
    await take({ ...said(theirs.id), externalId })
    expect((await ask(asAgent, { externalId })).userErrors).toEqual(refusal('NOT_FOUND', 'input', 'ticketId'))
  })
})
