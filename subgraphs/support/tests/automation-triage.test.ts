import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Ticket } from '../generated/prisma/client.ts'
import type { TriageSource } from '../src/automation/triage.ts'
import { receive } from '../src/messages/receive.ts'
import { addRule, aShop, change, logOf, rule, settled, ticketNow } from './automation-kit.ts'
import { openSupport, serviceOf, type Ask, type TestSupport } from './kit.ts'

const source = vi.fn<TriageSource>()
let support: TestSupport
beforeAll(async () => {
  support = await openSupport({ triage: (about, signal) => source(about, signal) })
  await support.module.start()
})
afterAll(() => support.close())

type Answer = Exclude<Awaited<ReturnType<TriageSource>>, null>
const answer: Answer = {
  sentiment: 0.1,
  difficulty: 0.7,
  intent: 'refund',
  category: 'Returns',
  priority: 'HIGH',
  tags: ['angry'],
  orderNumbers: ['10442'],
  confidence: 0.9,
  evidence: ['I want my money back'],
}
beforeEach(() => void source.mockReset().mockResolvedValue(answer))

const jobs = () =>
  support.asOwner<{ attempts: number }>(
    `SELECT attempts FROM graphile_worker.jobs WHERE task_identifier = 'support.triage'`,
  )

/** Until every message has been read, and what followed has settled. */
async function read(): Promise<void> {
  await settled(support)
  await vi.waitFor(async () => expect(await jobs()).toEqual([]), 20_000)
  await settled(support)
}

const says = ({ tenantId, id: ticketId }: Ticket, content: string) =>
  support.database.transact(tenantId, (tx) =>
    receive(
      tx,
      serviceOf(tenantId),
      { ticketId, channel: 'EMAIL', content, externalId: crypto.randomUUID() },
      support.clock.now(),
    ),
  )

const undo = `mutation ($input: UndoDecisionInput!) { undoDecision(input: $input) { userErrors { code } } }`
type Listed = { id: string; field: string; to: string; confidence: number; madeBy: { kind: string; name: string } }
async function decisions(ask: Ask, { id }: Ticket): Promise<Listed[]> {
  const query =
    'query ($id: ID!) { ticket(id: $id) { decisions { id field to confidence evidence madeBy { kind name } } } }'
  return (await ask<{ ticket: { decisions: Listed[] } }>(query, { id })).data!.ticket.decisions
}

describe('triage', () => {
  it('reads a message as it arrives, and what it is sure of becomes decisions of a model', async () => {
    const { tenant, ask } = await aShop(support)
    const ticket = await support.aTicket(tenant, { subject: 'Money', initialMessage: 'I want my money back.' })
    await read()
    expect(source).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ ticketId: ticket.id, subject: 'Money', text: 'I want my money back.' }),
      expect.any(AbortSignal),
    )
    expect(await ticketNow(support, ticket)).toMatchObject({
      sentiment: 0.1,
      difficulty: 0.7,
      intent: 'refund',
      category: 'Returns',
      priority: 'HIGH',
      tags: ['angry'],
      orderNumbers: ['10442'],
    })
    const made = await decisions(ask, ticket)
    expect(made.map(({ field, to }) => `${field} ${to}`).toSorted()).toEqual([
      'CATEGORY Returns',
      'DIFFICULTY 0.7',
      'PRIORITY HIGH',
      'SENTIMENT 0.1',
      'TAG angry',
    ])
    expect(made[0]).toMatchObject({
      confidence: 0.9,
      evidence: ['I want my money back'],
      madeBy: { kind: 'MODEL', name: 'triage' },
    })
  })

  it('changes nothing where it is not sure, was not understood, or is switched off', async () => {
    const { tenant } = await aShop(support)
    source.mockResolvedValueOnce({ ...answer, confidence: 0.59 })
    const unsure = await support.aTicket(tenant)
    await read()
    source.mockResolvedValueOnce({ ...answer, sentiment: 7 })
    const strange = await support.aTicket(tenant)
    await read()
    expect(support.logLines.filter((line) => line.includes('a triage was not understood'))).toHaveLength(1)
    await support.asOwner('UPDATE tenant SET auto_triage = false, config_version = config_version + 1 WHERE id = $1', [
      tenant.id,
    ])
    const off = await support.aTicket(tenant)
    await read()
    expect(source).toHaveBeenCalledTimes(2)
    for (const ticket of [unsure, strange, off])
      expect(await ticketNow(support, ticket)).toMatchObject({ category: null, priority: 'NORMAL', tags: [] })
  })

  it('never overrides a person, nor what was taken back, but its own', async () => {
    const { tenant, ask } = await aShop(support)
    const ticket = await support.aTicket(tenant)
    await read()
    await change(support, ticket, { category: 'Shipping', priority: 'LOW' })
    const sentiment = (await decisions(ask, ticket)).find(({ field }) => field === 'SENTIMENT')
    const tag = (await decisions(ask, ticket)).find(({ field }) => field === 'TAG')
    for (const decision of [sentiment, tag]) await ask(undo, { input: { decisionId: decision!.id } })
    source.mockResolvedValue({ ...answer, difficulty: 0.2 })
    await says(ticket, 'And another thing.')
    await read()
    expect(source).toHaveBeenCalledTimes(2)
    expect(await ticketNow(support, ticket)).toMatchObject({
      category: 'Shipping',
      priority: 'LOW',
      sentiment: null,
      difficulty: 0.2,
      tags: [],
    })
  })

  it('is tried again when the source is away, and rules react to what it says', async () => {
    const { tenant, ask } = await aShop(support)
    const conditions = { field: 'category', op: 'eq', value: 'Returns' }
    await addRule(ask, rule({ trigger: 'TICKET_UPDATED', conditions, actions: [{ tag: { tags: ['by rule'] } }] }))
    source.mockRejectedValueOnce(new Error('away'))
    const ticket = await support.aTicket(tenant)
    await settled(support)
    await vi.waitFor(async () => expect(await jobs()).toMatchObject([{ attempts: 1 }]), 20_000)
    expect(await ticketNow(support, ticket)).toMatchObject({ category: null, tags: [] })
    await support.asOwner(
      'SELECT graphile_worker.reschedule_jobs(ARRAY(SELECT id FROM graphile_worker.jobs), run_at := now())',
    )
    await read()
    expect((await ticketNow(support, ticket)).tags.toSorted()).toEqual(['angry', 'by rule'])
  })
})

describe('without a source', () => {
  it('order numbers are taken from what the customer wrote', async () => {
    const plain = await openSupport()
    try {
      const tenant = await plain.aTenant()
      const ticket = await plain.aTicket(tenant, { initialMessage: 'Order #20881 and 20882, since 2024.' })
      await settled(plain)
      expect((await ticketNow(plain, ticket)).orderNumbers).toEqual(['20881', '20882'])
      expect(await logOf(plain, ticket)).toHaveLength(3)
    } finally {
      await plain.close()
    }
  })
})
