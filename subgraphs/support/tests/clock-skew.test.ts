import type { AgentViewer } from '@quimbi/service/viewer.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Ticket } from '../generated/prisma/client.ts'
import { receive } from '../src/messages/receive.ts'
import { sendMessage } from '../src/messages/send.ts'
import { setTicketStatus } from '../src/tickets/update.ts'
import type { Db } from '../src/database.ts'
import { openSupport, serviceOf, start, type TestAgent, type TestSupport } from './kit.ts'

let support: TestSupport
let agent: TestAgent
let ticket: Ticket
beforeAll(async () => {
  support = await openSupport()
  const tenant = await support.aTenant()
  agent = await support.anAgent(tenant)
  ticket = await support.aTicket(tenant)
})
afterAll(() => support.close())

/** On an instance whose clock stands there, in seconds. */
const at = <T>(seconds: number, run: (tx: Db, now: Date) => Promise<T>): Promise<T> =>
  support.database.transact(ticket.tenantId, (tx) => run(tx, new Date(start.getTime() + seconds * 1_000)))

const answer = (seconds: number, key: string) => {
  const viewer: AgentViewer = {
    kind: 'agent',
    tenantId: ticket.tenantId,
    agentId: agent.id,
    role: 'ADMIN',
    sessionId: 'session',
    expiresAt: start,
  }
  return at(seconds, (tx, now) =>
    sendMessage(tx, viewer, { ticketId: ticket.id, content: `answer ${key}`, idempotencyKey: key }, now),
  )
}
const ask = (seconds: number, externalId: string) => {
  const said = { ticketId: ticket.id, channel: 'EMAIL', content: `question ${externalId}`, externalId }
  return at(seconds, (tx, now) => receive(tx, serviceOf(ticket.tenantId), said, now))
}

it('what follows on an instance whose clock is behind comes after what it follows', async () => {
  const { tenantId, id } = ticket
  await answer(100, 'first')
  await ask(98, 'next')
  await at(97, (tx, now) => setTicketStatus(tx, serviceOf(tenantId), { id, status: 'CLOSED' }, now))
  const db = support.database.forTenant(tenantId)
  const instant = new Date(start.getTime() + 100_000)
  const said = await db.message.findMany({
    where: { tenantId, ticketId: id },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  })
  expect(said.map(({ content }) => content)).toEqual(['It has not come yet.', 'answer first', 'question next'])
  expect(said.at(-1)?.createdAt).toEqual(instant)
  expect(await db.ticket.findFirst({ where: { tenantId, id } })).toMatchObject({
    closedAt: instant,
    updatedAt: instant,
  })
  const sla = await db.ticketSla.findFirstOrThrow({ where: { tenantId, ticketId: id } })
  const kinds = (sla.history as { kind: string }[]).map(({ kind }) => kind)
  expect(kinds).toEqual(['opened', 'customer_message', 'agent_message', 'customer_message', 'status'])
  const entries = await db.$queryRaw<{ type: string; late: boolean }[]>`
    SELECT type, occurred_at < lag(occurred_at) OVER (ORDER BY id) AS late FROM outbox WHERE ticket_id = ${id}::uuid`
  expect(entries.filter(({ late }) => late)).toEqual([])
})

it('a clock that went far wrong is not followed', async () => {
  await answer(3_600, 'far')
  const { message } = await ask(200, 'back')
  expect(message.createdAt).toEqual(new Date(start.getTime() + 200_000))
})
