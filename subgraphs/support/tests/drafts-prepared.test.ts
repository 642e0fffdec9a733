import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Ticket } from '../generated/prisma/client.ts'
import type { TriageSource } from '../src/automation/triage.ts'
import { fitting, type DraftSource } from '../src/drafts/client.ts'
import { receive } from '../src/messages/receive.ts'
import { addRule, aShop, rule, settled } from './automation-kit.ts'
import { openSupport, serviceOf, type TestSupport } from './kit.ts'

const prepare = vi.fn<DraftSource['prepare']>()
const textOf = vi.fn<DraftSource['textOf']>()
const triage = vi.fn<TriageSource>()
let support: TestSupport
beforeAll(async () => {
  support = await openSupport({
    triage: (about, signal) => triage(about, signal),
    drafts: { prepare: (asked, signal) => prepare(asked, signal), textOf: (asked) => textOf(asked) },
  })
  await support.module.start()
})
afterAll(() => support.close())
beforeEach(() => {
  prepare.mockReset().mockResolvedValue(null)
  textOf.mockReset().mockResolvedValue(null)
  triage.mockReset().mockResolvedValue(null)
})

/** Until nothing is left to do. */
async function done(): Promise<void> {
  await settled(support)
  await vi.waitFor(async () => {
    const jobs = await support.asOwner(
      `SELECT 1 FROM graphile_worker.jobs WHERE task_identifier IN ('support.triage', 'support.draft')`,
    )
    expect(jobs).toEqual([])
  }, 20_000)
  await settled(support)
}
const preparedFor = ({ id }: Ticket) =>
  prepare.mock.calls.map(([asked]) => asked).filter((asked) => asked.ticketId === id)
const says = ({ tenantId, id: ticketId }: Ticket, content: string) =>
  support.database.transact(tenantId, (tx) =>
    receive(
      tx,
      serviceOf(tenantId),
      { ticketId, channel: 'EMAIL', content, externalId: crypto.randomUUID() },
      support.clock.now(),
    ),
  )

describe('a draft', () => {
  it('is prepared of the whole conversation when a message has arrived and was read', async () => {
    triage.mockResolvedValue({ sentiment: 0.1, confidence: 0.9 })
    const { tenant } = await aShop(support)
    const ticket = await support.aTicket(tenant, { subject: 'Lamp', initialMessage: 'It is broken.' })
    await done()
    const asked = preparedFor(ticket).at(-1)
    expect(asked).toMatchObject({
      ...{ tenantId: tenant.id, customerId: ticket.customerId },
      context: { subject: 'Lamp', sentiment: 0.1, turns: [{ fromAgent: false, content: 'It is broken.' }] },
    })
    await says(ticket, 'And it smells.')
    await done()
    expect(preparedFor(ticket).at(-1)?.context.turns).toHaveLength(2)
  })

  it('is prepared again once the ticket is somebody’s, who signs it', async () => {
    const { tenant, ask } = await aShop(support)
    const agent = await support.anAgent(tenant, { name: 'Mia Novak' })
    const ticket = await support.aTicket(tenant, { initialMessage: 'Hello?' })
    await done()
    const assign = `mutation ($input: AssignTicketInput!) { assignTicket(input: $input) { userErrors { code } } }`
    const { errors } = await ask(assign, { input: { id: ticket.id, agentId: agent.id } })
    expect(errors).toEqual([])
    await done()
    expect(preparedFor(ticket).at(-1)?.context.agentName).toBe('Mia Novak')
  })

  it('is not prepared where the tenant wants none, but by a rule that says so', async () => {
    const { tenant, ask } = await aShop(support)
    await support.database.system.tenant.update({
      where: { id: tenant.id },
      data: { aiDrafts: false, configVersion: 77 },
    })
    const ticket = await support.aTicket(tenant, { initialMessage: 'Hello?' })
    await done()
    expect(preparedFor(ticket)).toEqual([])
    await addRule(ask, rule({ trigger: 'MESSAGE_RECEIVED', actions: [{ draft: {} }] }))
    await says(ticket, 'Anybody there?')
    await done()
    expect(preparedFor(ticket)).toHaveLength(1)
  })

  it('is not prepared for who waits for the customer, nor for a closed ticket', async () => {
    const { tenant, ask } = await aShop(support)
    const ticket = await support.aTicket(tenant, { initialMessage: 'Hello?' })
    await done()
    const before = preparedFor(ticket).length
    const send = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { userErrors { code } } }`
    await ask(send, { input: { ticketId: ticket.id, content: 'Hello!', idempotencyKey: 'k' } })
    await done()
    expect(preparedFor(ticket)).toHaveLength(before)
  })

  it('is tried three times where Intelligence is away, and left', async () => {
    prepare.mockRejectedValue(new Error('away'))
    const { tenant } = await aShop(support)
    const ticket = await support.aTicket(tenant, { initialMessage: 'Hello?' })
    const task = `task_identifier = 'support.draft'`
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await vi.waitFor(() => expect(preparedFor(ticket)).toHaveLength(attempt), 20_000)
      await vi.waitFor(async () => {
        const due = await support.asOwner(
          `UPDATE graphile_worker._private_jobs SET run_at = now() WHERE id IN (SELECT id FROM graphile_worker.jobs
           WHERE ${task} AND attempts = ${attempt} AND locked_at IS NULL) RETURNING 1`,
        )
        expect(due).toHaveLength(1)
      }, 20_000)
    }
    await done()
    expect(preparedFor(ticket)).toHaveLength(3)
  })

  it('has in it what Intelligence takes: the newest turns', () => {
    const turn = (content: string) => ({ messageId: '1', fromAgent: false, content, createdAt: new Date(0) })
    const context = { turns: [turn('a'.repeat(60_000)), turn('b'.repeat(60_000)), turn('c')] }
    const sent = fitting(context as Parameters<typeof fitting>[0])
    expect(sent.turns.map(({ content }) => content[0])).toEqual(['b', 'c'])
    expect(Buffer.byteLength(JSON.stringify(sent))).toBeLessThan(100_000)
  })
})

describe('a reply made of a draft', () => {
  const send = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } userErrors { code } } }`
  const sent = async (content: string, draft: () => Promise<string | null>) => {
    textOf.mockImplementation(draft)
    const { tenant, ask } = await aShop(support)
    const ticket = await support.aTicket(tenant)
    const draftId = crypto.randomUUID()
    const input = { ticketId: ticket.id, content, draftId, idempotencyKey: 'k' }
    expect((await ask<{ sendMessage: { userErrors: [] } }>(send, { input })).data?.sendMessage.userErrors).toEqual([])
    return support.database.forTenant(tenant.id).draftUse.findFirst({ where: { tenantId: tenant.id, draftId } })
  }
  const text = 'It comes on Monday, promised'

  it('was sent as it was, or with changes and how many', async () => {
    expect(await sent(text, async () => text)).toMatchObject({ outcome: 'SENT_UNCHANGED', editDistance: 0 })
    const edited = await sent('It comes on Friday, promised', async () => text)
    expect(edited).toMatchObject({ outcome: 'SENT_EDITED', editDistance: 0.2 })
    expect(JSON.stringify(edited)).not.toMatch(/Monday|Friday/)
  })

  it('was taken up where nobody can say what the draft was', async () => {
    const away = () => Promise.reject(new Error('away'))
    for (const draft of [async () => null, away])
      expect(await sent(text, draft)).toMatchObject({ outcome: 'INSERTED', editDistance: null })
  })
})
