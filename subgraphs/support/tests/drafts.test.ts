import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Tenant } from '../generated/prisma/client.ts'
import { recordDraftUse, type DraftOutcome } from '../src/drafts/service.ts'
import { openSupport, refusal, serviceOf, type Ask, type TestAgent, type TestSupport } from './kit.ts'

let support: TestSupport
let tenant: Tenant
let agent: TestAgent
let ask: Ask
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())
beforeEach(async () => {
  tenant = await support.aTenant()
  agent = await support.anAgent(tenant)
  ask = await support.asAgent(agent)
})

const record = `mutation ($input: RecordDraftUseInput!) { recordDraftUse(input: $input) { deletedId userErrors { code path } } }`
type Answer = { recordDraftUse: { deletedId: string | null; userErrors: unknown[] } }
async function tell(draftId: string, outcome: DraftOutcome, finalContent?: string) {
  const { data, errors } = await ask<Answer>(record, { input: { draftId, outcome, finalContent } })
  expect(errors).toEqual([])
  return data!.recordDraftUse
}
const use = (draftId: string) =>
  support.database.forTenant(tenant.id).draftUse.findFirst({ where: { tenantId: tenant.id, draftId } })

describe('what became of a draft', () => {
  const order: DraftOutcome[] = ['SHOWN', 'INSERTED', 'DISCARDED', 'SENT_UNCHANGED', 'SENT_EDITED']

  it('is the furthest that it got, whatever is told first', async () => {
    for (const [index, last] of order.entries()) {
      const told = order.slice(0, index + 1)
      for (const outcomes of [told, told.toReversed()]) {
        const draftId = crypto.randomUUID()
        for (const outcome of outcomes)
          expect(await tell(draftId, outcome)).toEqual({ deletedId: draftId, userErrors: [] })
        expect(await use(draftId)).toMatchObject({ outcome: last, agentId: agent.id })
      }
    }
  })

  it('is one record, also when told ten times at once', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, index) => tell('d', order[index % 5]!)))
    const all = await support.database.forTenant(tenant.id).draftUse.findMany({ where: { tenantId: tenant.id } })
    expect(all).toMatchObject([{ draftId: 'd', outcome: 'SENT_EDITED' }])
  })

  it('says how much was changed, and keeps no text', async () => {
    const input = { draftId: 'd', outcome: 'SENT_EDITED' as const, finalContent: 'It comes on Friday, promised' }
    const now = support.clock.now()
    await support.database.transact(tenant.id, (tx) =>
      recordDraftUse(tx, serviceOf(tenant.id), input, now, 'It comes on Monday, promised'),
    )
    expect(await use('d')).toMatchObject({ editDistance: 0.2 })
    expect(JSON.stringify(await use('d'))).not.toContain('Friday')
    await tell('e', 'SENT_UNCHANGED')
    expect(await use('e')).toMatchObject({ editDistance: 0 })
  })

  it('knows its ticket once a reply was made of it', async () => {
    const ticket = await support.aTicket(tenant)
    const send = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { userErrors { code } } }`
    await tell('d', 'SHOWN')
    const input = { ticketId: ticket.id, content: 'Soon.', draftId: 'd', idempotencyKey: 'k' }
    expect((await ask(send, { input })).data).toEqual({ sendMessage: { userErrors: [] } })
    expect(await use('d')).toMatchObject({ ticketId: ticket.id, outcome: 'INSERTED' })
    await tell('d', 'SENT_UNCHANGED')
    expect(await use('d')).toMatchObject({ ticketId: ticket.id, outcome: 'SENT_UNCHANGED' })
  })

  it('is refused where it makes no sense', async () => {
    expect((await tell('', 'SHOWN')).userErrors).toEqual(refusal('REQUIRED', 'input', 'draftId'))
    expect((await tell('x'.repeat(201), 'SHOWN')).userErrors).toEqual(refusal('TOO_LONG', 'input', 'draftId'))
    expect((await tell('d', 'SHOWN', 'text')).userErrors).toEqual(refusal('INVALID', 'input', 'finalContent'))
    const long = await tell('d', 'SENT_EDITED', 'x'.repeat(50_001))
    expect(long.userErrors).toEqual(refusal('TOO_LONG', 'input', 'finalContent'))
    expect(await use('d')).toBeNull()
  })
})
