import { newId } from '@quimbi/database/ids.ts'
import type { Facts } from '@quimbi/service/authenticate.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiKey } from '../src/keys/service.ts'
import { customerOf, draftFields, draftOf, ticketOf, told, turn, type ShownDraft } from './drafts-kit.ts'
import { anOrder, openWorld, refusals, type World } from './kit.ts'

let world: World
beforeAll(async () => void (world = await openWorld()))
afterAll(() => world.close())

type Payload = { draft: ShownDraft | null; userErrors: { code: 'NOT_FOUND'; path: string[] | null }[] }
const regenerate = `mutation ($input: RegenerateDraftInput!) { regenerateDraft(input: $input) { draft { ${draftFields} } userErrors { code path } } }`
async function again(tenantId: string, input: object) {
  const who = await world.agent(tenantId, 'AGENT')
  const { data } = await world.ask<{ regenerateDraft: Payload }>(regenerate, { input }, who)
  return data!.regenerateDraft
}
const where = 'Where is my order 10442?'

async function aDraft(context = told(where)) {
  const tenantId = newId()
  await world.ingest(tenantId, [anOrder({ externalId: '10442', status: 'FULFILLED' })])
  const ticket = ticketOf(tenantId, context)
  return { tenantId, ticket, draft: await draftOf(world, tenantId, ticket) }
}
const refused = (code: string) => ({ draft: null, userErrors: [{ code, path: ['input', 'previousDraftId'] }] })

describe('regenerateDraft', () => {
  it('writes from the kept conversation, in another tone and length or as before', async () => {
    const { tenantId, draft } = await aDraft()
    const { draft: other } = await again(tenantId, { previousDraftId: draft.id, tone: 'FRIENDLY', length: 'SHORT' })
    expect(other).toMatchObject({ tone: 'FRIENDLY', basedOn: 'r1', basis: draft.basis })
    expect(other?.id).not.toBe(draft.id)
    const { draft: third } = await again(tenantId, { previousDraftId: other!.id, length: 'MEDIUM' })
    expect(third).toMatchObject({ tone: 'FRIENDLY' })
    expect((await again(tenantId, { previousDraftId: draft.id })).draft).toEqual(draft)
  })

  it('reads orders anew', async () => {
    const { tenantId, draft } = await aDraft()
    await world.ingest(tenantId, [anOrder({ externalId: '10442', status: 'CANCELLED' })])
    const { draft: now } = await again(tenantId, { previousDraftId: draft.id })
    expect(now?.basis['orders']).not.toBe(draft.basis['orders'])
    expect(now?.content).toMatch(/cancel/i)
  })

  it('is refused once the conversation went on', async () => {
    const { tenantId, ticket, draft } = await aDraft()
    const next = told(where, { revision: 'r10', turns: [turn(where), turn('Hello?')] })
    const { id } = await draftOf(world, tenantId, { ...ticket, conversationContext: next })
    expect(await again(tenantId, { previousDraftId: draft.id })).toEqual(refused('CONVERSATION_ADVANCED'))
    expect((await again(tenantId, { previousDraftId: id })).userErrors).toEqual([])
  })

  it('finds no draft of another tenant, and none that never was', async () => {
    const { draft } = await aDraft()
    for (const previousDraftId of [draft.id, newId(), 'x'])
      expect(await again(newId(), { previousDraftId })).toEqual(refused('NOT_FOUND'))
  })

  it('is not for partners', async () => {
    const { tenantId, draft } = await aDraft()
    const partner = await aKey(tenantId, 'generate', 'insight:read')
    const input = { previousDraftId: draft.id }
    expect((await world.ask(regenerate, { input }, partner)).codes).toContain('GRAPHQL_VALIDATION_FAILED')
  })
})

async function aKey(tenantId: string, ...scopes: string[]): Promise<Partial<Facts>> {
  const manager = {
    kind: 'agent',
    role: 'MANAGER',
    tenantId,
    agentId: newId(),
    sessionId: newId(),
    expiresAt: new Date(),
  } as const
  const { key } = await world.database.transact(tenantId, (tx) =>
    createApiKey(tx, manager, { name: 'Partner', scopes }, world.clock.now()),
  )
  return { apiKey: key }
}

describe('prepareDraft', () => {
  const prepare = `mutation ($input: PrepareDraftInput!) { prepareDraft(input: $input) { draft { id basedOn } userErrors { code path } } }`
  const prepared = async (tenantId: string, input: object, facts: Partial<Facts> = { caller: 'support', tenantId }) => {
    const { data } = await world.ask<{ prepareDraft: Payload }>(prepare, { input }, facts)
    return data!.prepareDraft
  }

  it('has the draft ready that the ticket then shows', async () => {
    const [tenantId, id] = [newId(), newId()]
    const context = told(where)
    const { draft } = await prepared(tenantId, { ticketId: id, customerId: customerOf(tenantId), context })
    const shown = await draftOf(world, tenantId, ticketOf(tenantId, context, { id }))
    expect(draft).toEqual({ id: shown.id, basedOn: 'r1' })
  })

  it('tells our own services a draft’s text, and nobody else', async () => {
    const { tenantId, draft } = await aDraft()
    const text = async (facts: Partial<Facts>, id = draft.id) => {
      const { data, codes } = await world.ask<{ keptDraft: { content: string } | null }>(
        'query ($id: ID!) { keptDraft(id: $id) { content } }',
        { id },
        facts,
      )
      return codes.length > 0 ? codes : data?.keptDraft
    }
    expect(await text({ caller: 'support', tenantId })).toEqual({ content: draft.content })
    expect(await text({ caller: 'support', tenantId: newId() })).toBeNull()
    expect(await text({ caller: 'support', tenantId }, 'x')).toBeNull()
    expect(await text(await world.agent(tenantId, 'ADMIN'))).toEqual(['FORBIDDEN'])
    expect(await text(await aKey(tenantId, 'insight:read', 'generate'))).toEqual(['GRAPHQL_VALIDATION_FAILED'])
  })

  it('lets the latest revision win', async () => {
    const [tenantId, ticketId] = [newId(), newId()]
    const input = { ticketId, customerId: customerOf(tenantId) }
    expect((await prepared(tenantId, { ...input, context: told(where, { revision: 'r3' }) })).userErrors).toEqual([])
    const late = await prepared(tenantId, { ...input, context: told(where, { revision: 'r2' }) })
    expect([late.draft, refusals(late.userErrors)]).toEqual([null, ['CONVERSATION_ADVANCED input context']])
  })

  it('writes nothing where nothing was said', async () => {
    const tenantId = newId()
    const context = told('', { turns: [] })
    const input = { ticketId: newId(), customerId: customerOf(tenantId), context }
    expect(await prepared(tenantId, input)).toEqual({ draft: null, userErrors: [] })
  })

  it('is for our own services alone, and checks what they say', async () => {
    const tenantId = newId()
    const input = { ticketId: newId(), customerId: customerOf(tenantId), context: told(where) }
    const admin = await world.agent(tenantId, 'ADMIN')
    expect(refusals((await prepared(tenantId, input, admin)).userErrors)).toEqual(['FORBIDDEN'])
    const partner = await aKey(tenantId, 'generate', 'insight:read', 'ingest')
    expect((await world.ask(prepare, { input }, partner)).codes).toContain('GRAPHQL_VALIDATION_FAILED')
    const wrong = async (part: object) => refusals((await prepared(tenantId, { ...input, ...part })).userErrors)
    expect(await wrong({ context: { subject: 'Hello' } })).toEqual(['INVALID input context'])
    expect(await wrong({ context: 'Hello' })).toEqual(['INVALID input context'])
    expect(await wrong({ ticketId: 'x' })).toEqual(['INVALID input ticketId'])
    expect(await wrong({ customerId: 'x' })).toEqual(['INVALID input customerId'])
  })
})
