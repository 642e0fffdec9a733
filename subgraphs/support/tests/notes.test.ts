import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Tenant, Ticket } from '../generated/prisma/client.ts'
import type { TicketEventPayload } from '../src/log/ticket-events.ts'
import { openSupport, refusal, type Ask, type TestAgent, type TestSupport } from './kit.ts'

let support: TestSupport
let tenant: Tenant
let admin: TestAgent
let asAdmin: Ask
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())
beforeEach(async () => {
  tenant = await support.aTenant()
  admin = await support.anAgent(tenant)
  asAdmin = await support.asAgent(admin)
})

const add = `mutation ($input: AddNoteInput!) { addNote(input: $input) {
  note { id content author { __typename ... on Agent { id } } mentions { id } ticket { id } createdAt } userErrors { code path } } }`
type Answer = { addNote: { note: { id: string } | null; userErrors: { code: string }[] } }
async function note(ask: Ask, ticket: Pick<Ticket, 'id'>, input: Record<string, unknown> = {}) {
  const { data, errors } = await ask<Answer>(add, { input: { ticketId: ticket.id, content: 'Call them.', ...input } })
  expect(errors).toEqual([])
  return data!.addNote
}
const db = () => support.database.forTenant(tenant.id)
async function logOf({ id: ticketId }: Ticket) {
  await support.module.sequence()
  const rows = await db().loggedEvent.findMany({
    where: { tenantId: tenant.id, ticketId },
    orderBy: { sequence: 'asc' },
  })
  return rows.slice(2).map(({ type, payload }) => ({ type, payload: payload as unknown as TicketEventPayload }))
}

describe('a note', () => {
  it('is for agents: clocks, revision and whoever waits do not notice', async () => {
    const ticket = await support.aTicket(tenant)
    const colleague = await support.anAgent(tenant)
    const before = await db().ticketSla.findFirst({ where: { tenantId: tenant.id, ticketId: ticket.id } })
    support.clock.advance(1_000)
    const mentionIds = [colleague.id, colleague.id.toUpperCase(), admin.id]
    const answer = await note(asAdmin, ticket, { mentionIds })
    expect(answer).toMatchObject({
      note: {
        content: 'Call them.',
        author: { __typename: 'Agent', id: admin.id },
        mentions: [{ id: colleague.id }, { id: admin.id }],
        ticket: { id: ticket.id },
        createdAt: support.clock.now().toISOString(),
      },
      userErrors: [],
    })
    const { revision, waitingSince, firstRepliedAt, status } = ticket
    const where = { tenantId: tenant.id, id: ticket.id }
    expect(await db().ticket.findFirst({ where })).toMatchObject({ revision, waitingSince, firstRepliedAt, status })
    expect(await db().ticketSla.findFirst({ where: { tenantId: tenant.id, ticketId: ticket.id } })).toEqual(before)
    const log = await logOf(ticket)
    expect(log.map(({ type }) => type)).toEqual(['NOTE_ADDED'])
    expect(log[0]!.payload).toMatchObject({
      actor: { kind: 'agent', id: admin.id },
      noteId: answer.note!.id,
      changes: [],
      data: { mentionIds: [colleague.id, admin.id] },
    })
    expect(JSON.stringify(log)).not.toContain('Call them')
  })

  it('is written once a key', async () => {
    const ticket = await support.aTicket(tenant)
    const answers = await Promise.all(Array.from({ length: 10 }, () => note(asAdmin, ticket, { idempotencyKey: 'k' })))
    expect(new Set(answers.map((answer) => answer.note?.id)).size).toBe(1)
    const other = await note(asAdmin, ticket, { idempotencyKey: 'k', content: 'Do not.' })
    expect(other.userErrors).toEqual(refusal('IDEMPOTENCY_KEY_REUSED', 'input', 'idempotencyKey'))
    expect(await logOf(ticket)).toHaveLength(1)
    await asAdmin('mutation ($id: ID!) { deleteTicket(input: { id: $id }) { deletedId } }', { id: ticket.id })
    const gone = await note(asAdmin, ticket, { idempotencyKey: 'k' })
    expect(gone.userErrors).toEqual(refusal('NOT_FOUND', 'input', 'idempotencyKey'))
  })

  it('mentions active agents of the business, and is written by who may change the ticket', async () => {
    const ticket = await support.aTicket(tenant)
    const left = await support.anAgent(tenant)
    await db().agent.updateMany({ where: { tenantId: tenant.id, id: left.id }, data: { isActive: false } })
    const stranger = await support.anAgent(await support.aTenant())
    const many = Array.from({ length: 51 }, () => crypto.randomUUID())
    const cases: [Record<string, unknown>, string, string][] = [
      [{ mentionIds: [left.id] }, 'NOT_FOUND', 'mentionIds'],
      [{ mentionIds: [stranger.id] }, 'NOT_FOUND', 'mentionIds'],
      [{ mentionIds: ['no id'] }, 'NOT_FOUND', 'mentionIds'],
      [{ mentionIds: many }, 'LIMIT_EXCEEDED', 'mentionIds'],
      [{ content: '' }, 'REQUIRED', 'content'],
      [{ content: 'x'.repeat(50_001) }, 'TOO_LONG', 'content'],
      [{ content: 'a\u0007' }, 'INVALID', 'content'],
      [{ ticketId: 'no id' }, 'NOT_FOUND', 'ticketId'],
    ]
    for (const [input, code, field] of cases)
      expect((await note(asAdmin, ticket, input)).userErrors, field).toEqual(refusal(code, 'input', field))
    const asStranger = await support.asAgent(stranger)
    expect((await note(asStranger, ticket)).userErrors).toEqual(refusal('NOT_FOUND', 'input', 'ticketId'))
    const asAgent = await support.asAgent(await support.anAgent(tenant, { role: 'AGENT' }))
    expect((await note(asAgent, ticket)).userErrors).toEqual(refusal('FORBIDDEN', 'input', 'ticketId'))
    const theirs = await support.aTicket(tenant, {}, { assigneeId: admin.id })
    expect((await note(asAgent, theirs)).userErrors).toEqual(refusal('NOT_FOUND', 'input', 'ticketId'))
    expect(await logOf(ticket)).toEqual([])
  })
})

describe('the notes of a ticket', () => {
  type Page = { nodes: { content: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } }
  const query = `query ($id: ID!, $first: Int, $after: String) { ticket(id: $id) { notes(first: $first, after: $after) {
    nodes { content } pageInfo { hasNextPage endCursor } } } }`

  it.each([1, 2, 3, 100])('come whole in pages of %d, oldest first', async (first) => {
    const ticket = await support.aTicket(tenant)
    for (let index = 0; index < 7; index += 1) {
      if (index % 3 === 0) support.clock.advance(1)
      await note(asAdmin, ticket, { content: `note ${index}` })
    }
    const seen: string[] = []
    for (let page: Page | undefined; page?.pageInfo.hasNextPage !== false;) {
      const after: string | null = page?.pageInfo.endCursor ?? null
      const { data } = await asAdmin<{ ticket: { notes: Page } }>(query, { id: ticket.id, first, after })
      page = data!.ticket.notes
      seen.push(...page.nodes.map(({ content }) => content))
    }
    expect(seen).toEqual(Array.from({ length: 7 }, (_, index) => `note ${index}`))
  })

  // Each waits a second for its place in the log, which nobody gives it here.
  it('of many tickets take as many statements as of few', { timeout: 120_000 }, async () => {
    for (let index = 0; index < 12; index += 1) {
      const ticket = await support.aTicket(tenant)
      for (let more = 0; more <= index % 3; more += 1) await note(asAdmin, ticket, { mentionIds: [admin.id] })
    }
    const many = `query ($first: Int!) { tickets(first: $first) { nodes { notes(first: 2) { nodes { content author { __typename } mentions { id } ticket { id } } } } } }`
    const counts: Record<number, number> = {}
    for (const first of [12, 3, 12]) {
      support.statements.length = 0
      const { errors } = await asAdmin(many, { first })
      expect(errors).toEqual([])
      counts[first] = support.statements.length
    }
    expect(counts[12]).toBe(counts[3])
  })
})
