import { newId } from '@quimbi/database/ids.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Tenant, Ticket } from '../generated/prisma/client.ts'
import { systemActor } from '../src/log/actors.ts'
import { sendMessage } from '../src/messages/send.ts'
import { changeTicket } from '../src/tickets/change.ts'
import { lockTickets } from '../src/tickets/change-store.ts'
import type { TicketPatch } from '../src/tickets/steps.ts'
import { createTimers } from '../src/timers/timers.ts'
import { openSupport, refusal, start, type Ask, type TestAgent, type TestSupport } from './kit.ts'
import { change } from './lifecycle-kit.ts'
import { someoneWaits } from './locks-kit.ts'

let support: TestSupport
let tenant: Tenant
let leaver: TestAgent
let colleague: TestAgent
let ask: Ask
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())
beforeEach(async () => {
  support.clock.set(start)
  tenant = await support.aTenant()
  leaver = await support.anAgent(tenant, { role: 'AGENT' })
  colleague = await support.anAgent(tenant, { role: 'AGENT' })
  ask = await support.asAgent(await support.anAgent(tenant))
})

const db = () => support.database.forTenant(tenant.id)
const read = (id: string) => db().ticket.findFirstOrThrow({ where: { tenantId: tenant.id, id } })
const deactivate = () =>
  ask<object>(`mutation ($id: ID!) { deactivateAgent(input: { id: $id }) { userErrors { code } } }`, { id: leaver.id })
const deleteTeam = (id: string) =>
  ask<object>(`mutation ($id: ID!) { deleteTeam(input: { id: $id }) { userErrors { code } } }`, { id })
const deleteQueue = (id: string, to: string) =>
  ask<object>(
    `mutation ($id: ID!, $to: ID!) { deleteQueue(input: { id: $id, moveTicketsTo: $to }) { userErrors { code } } }`,
    { id, to },
  )

async function aTeam(): Promise<string> {
  const id = newId()
  await db().team.create({ data: { tenantId: tenant.id, id, name: id, createdAt: support.clock.now() } })
  return id
}

/** Changes a ticket in a transaction that ends once `run` has found the ticket and waits for it. */
async function whileChanging(
  { id }: Ticket,
  set: TicketPatch,
  run: () => Promise<{ errors: object }>,
): Promise<Ticket> {
  const { clock, database } = support
  const who = { actor: systemActor('INTEGRATION', 'test') }
  const running = await database.transact(tenant.id, async (tx) => {
    const call = { tenantId: tenant.id, who, now: clock.now(), id }
    await changeTicket(tx, call, () => [{ type: 'TICKET_UPDATED', set }])
    const answer = run()
    await someoneWaits(tx)
    return { answer }
  })
  const { errors, data } = (await running.answer) as { errors: object; data: object }
  expect([errors, Object.values(data)]).toEqual([[], [{ userErrors: [] }]])
  return read(id)
}

describe('a ticket that moves on while what it was in ends', () => {
  it('stays with the colleague who got it while its agent was deactivated', async () => {
    const ticket = await support.aTicket(tenant, {}, { assigneeId: leaver.id })
    expect(await whileChanging(ticket, { assigneeId: colleague.id }, deactivate)).toMatchObject({
      assigneeId: colleague.id,
    })
  })

  it('stays closed, and its agent’s, when it was closed while they were deactivated', async () => {
    const ticket = await support.aTicket(tenant, {}, { assigneeId: leaver.id })
    const closed = { status: 'CLOSED', closedAt: support.clock.now() }
    expect(await whileChanging(ticket, closed, deactivate)).toMatchObject({ status: 'CLOSED', assigneeId: leaver.id })
  })

  it('returns to nobody else than before when its transfer ended while the agent was deactivated', async () => {
    const returnTo = { agentId: leaver.id, teamId: null, queueId: null, since: start.toISOString() }
    const returnAt = new Date(start.getTime() + 3_600_000)
    const ticket = await support.aTicket(tenant, {}, { assigneeId: colleague.id, returnTo, returnAt })
    expect(await whileChanging(ticket, { returnTo: null, returnAt: null }, deactivate)).toMatchObject({
      returnTo: null,
    })
  })

  it('stays in the team that got it while its team was removed', async () => {
    const [gone, other] = [await aTeam(), await aTeam()]
    const ticket = await support.aTicket(tenant, {}, { teamId: gone })
    expect(await whileChanging(ticket, { teamId: other }, () => deleteTeam(gone))).toMatchObject({ teamId: other })
  })

  it('stays out of every queue when it was taken from its queue while that was deleted', async () => {
    const [gone, target] = await db().queue.findMany({ where: { tenantId: tenant.id } })
    const ticket = await support.aTicket(tenant, {}, { queueId: gone!.id })
    const after = await whileChanging(ticket, { queueId: null }, () => deleteQueue(gone!.id, target!.id))
    expect(after).toMatchObject({ queueId: null })
  })
})

describe('an agent who answers while they are deactivated', () => {
  const send = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } userErrors { code path } } }`
  type Sent = { sendMessage: { message: object | null; userErrors: object[] } }
  const said = ({ id: ticketId }: Ticket) => db().message.count({ where: { ticketId, fromAgent: true } })

  it('takes no ticket of nobody’s by it: nothing is said', async () => {
    const ticket = await support.aTicket(tenant)
    const asLeaver = await support.asAgent(leaver)
    const running = await support.database.transact(tenant.id, async (tx) => {
      await lockTickets(tx, tenant.id, [ticket.id])
      const sent = asLeaver<Sent>(send, { input: { ticketId: ticket.id, content: 'Soon.', idempotencyKey: newId() } })
      await someoneWaits(tx)
      expect((await deactivate()).errors).toEqual([])
      return { sent }
    })
    const refused = { message: null, userErrors: refusal('CONFLICT', 'input', 'ticketId') }
    expect((await running.sent).data?.sendMessage).toEqual(refused)
    expect((await read(ticket.id)).assigneeId).toBeNull()
    expect(await said(ticket)).toBe(0)
  })

  it('gives back what they took by it just before', async () => {
    const ticket = await support.aTicket(tenant)
    const { clock, database } = support
    const running = await database.transact(tenant.id, async (tx) => {
      const viewer = { kind: 'agent', tenantId: tenant.id, agentId: leaver.id, role: 'AGENT' } as const
      const input = { ticketId: ticket.id, content: 'Soon.', idempotencyKey: newId() }
      const session = { sessionId: newId(), expiresAt: clock.now() }
      await sendMessage(tx, { ...viewer, ...session }, input, clock.now())
      const left = deactivate()
      await someoneWaits(tx)
      return { left }
    })
    expect((await running.left).errors).toEqual([])
    expect((await read(ticket.id)).assigneeId).toBeNull()
    expect(await said(ticket)).toBe(1)
  })
})

describe('a ticket that comes back to an agent who was deactivated', () => {
  const reason = () => `${leaver.name} was deactivated.`
  const lastReason = async ({ id: ticketId }: Ticket) => {
    await support.module.sequence()
    const where = { tenantId: tenant.id, ticketId, type: 'UNASSIGNED' }
    return (await db().loggedEvent.findFirst({ where, orderBy: { sequence: 'desc' } }))?.payload
  }
  async function aClosedOne(): Promise<Ticket> {
    const ticket = await support.aTicket(tenant)
    await change(ask, 'assignTicket', { id: ticket.id, agentId: leaver.id })
    await change(ask, 'setTicketStatus', { id: ticket.id, status: 'CLOSED' })
    await deactivate()
    support.clock.advance(60_000)
    return ticket
  }

  it('because the customer writes again is nobody’s, and says why', async () => {
    const ticket = await aClosedOne()
    const input = { ticketId: ticket.id, channel: 'EMAIL', content: 'Not solved.', externalId: newId() }
    await ask(`mutation ($input: ReceiveMessageInput!) { receiveMessage(input: $input) { userErrors { code } } }`, {
      input,
    })
    expect(await read(ticket.id)).toMatchObject({ status: 'OPEN', assigneeId: null })
    expect(await lastReason(ticket)).toMatchObject({ reason: reason() })
    const period = await db().assignment.findFirstOrThrow({ where: { ticketId: ticket.id } })
    expect(period.endedAt).toEqual(support.clock.now())
  })

  it('because it is reopened by hand is nobody’s; one whose agent is there stays theirs', async () => {
    const ticket = await aClosedOne()
    await change(ask, 'setTicketStatus', { id: ticket.id, status: 'OPEN' })
    expect(await read(ticket.id)).toMatchObject({ status: 'OPEN', assigneeId: null })
    const other = await support.aTicket(tenant, {}, { assigneeId: colleague.id, status: 'CLOSED', closedAt: start })
    await change(ask, 'setTicketStatus', { id: other.id, status: 'OPEN' })
    expect(await read(other.id)).toMatchObject({ status: 'OPEN', assigneeId: colleague.id })
  })

  it('because a transfer ends is nobody’s, although the deactivation did not see it', async () => {
    const { id } = await support.aTicket(tenant)
    await change(ask, 'assignTicket', { id, agentId: leaver.id })
    const returnAt = new Date(support.clock.now().getTime() + 60_000).toISOString()
    await change(ask, 'transferTicket', { id, toAgentId: colleague.id, returnAt })
    await db().agent.updateMany({ where: { id: leaver.id }, data: { isActive: false } })
    support.clock.advance(61_000)
    const timers = createTimers(support)
    await timers.drain()
    await timers.stop()
    expect(await read(id)).toMatchObject({ assigneeId: null, returnAt: null })
  })
})
