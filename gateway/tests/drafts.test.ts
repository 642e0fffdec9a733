import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createHttp } from '@quimbi/service/http.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { openLive } from '@quimbi/service/websocket-test-kit.ts'
import { Registry } from 'prom-client'
import type { Results } from '@quimbi/service/subscriptions.ts'
import { openLiveWorld } from './live-kit.ts'
import { aCustomer, anOrder, ask, aTenant, ingest, logIn, openWorld, type World } from './kit.ts'

let here: World
let http: ReturnType<typeof createHttp>
let url: string
beforeAll(async () => {
  here = await openWorld()
  await here.supergraph.start()
  const { live } = here.supergraph.gateway
  if (!live) throw new Error('The gateway serves no subscriptions.')
  const [log, metrics] = [
    createLogger({ service: 'gateway', level: 'silent' }),
    createMetrics('gateway', new Registry()),
  ]
  http = createHttp({ service: 'gateway', log, metrics, readiness: async () => ({}) })
  http.upgrade('/graphql', live.sockets)
  url = (await http.listen(0, '127.0.0.1')).url
})
afterAll(async () => {
  await http.drain(1_000)
  await here.close()
})

type Draft = { id: string; content: string; basedOn: string; generator: string; citations: { source: string }[] }
const draftQuery = `query ($id: ID!) { ticket(id: $id) { draft { id content basedOn generator citations { source sentence } }
  relevantOrders { externalId } } }`
type Shown = { ticket: { draft: Draft | null; relevantOrders: { externalId: string }[] | null } }

async function aTicketAbout(slug: string, world = here) {
  const tenant = await aTenant(world, slug)
  const { id: customerId } = await aCustomer(world, tenant, 'c1')
  await ingest(world, tenant, [anOrder('10442', 'c1', '30.00', 3)])
  const token = await logIn(world, tenant)
  const receive = `mutation ($input: ReceiveMessageInput!) { receiveMessage(input: $input) { message { ticket { id } } userErrors { code } } }`
  const input = {
    customerId,
    channel: 'EMAIL',
    subject: 'Order',
    content: 'Where is my order 10442?',
    externalId: 'm1',
  }
  const { data } = await ask(world, receive, { input }, token)
  const { id } = (data as { receiveMessage: { message: { ticket: { id: string } } } }).receiveMessage.message.ticket
  const show = async () => {
    const { data, errors } = await ask(world, draftQuery, { id }, token)
    expect(errors).toBeUndefined()
    return (data as Shown).ticket
  }
  const kept = () =>
    world.intelligence.system.draft.findMany({ where: { ticketId: id }, select: { id: true, personalization: true } })
  return { tenant, token, id, show, kept }
}

describe('a ticket that was opened', () => {
  it('has its draft ready: the one that was prepared when the message arrived', async () => {
    const { show, kept } = await aTicketAbout('ready')
    await vi.waitFor(async () => expect(await kept()).not.toEqual([]), 60_000)
    await vi.waitFor(async () => {
      const before = (await kept()).map(({ id }) => id)
      const { draft, relevantOrders } = await show()
      expect(relevantOrders).toEqual([{ externalId: '10442' }])
      expect(draft).toMatchObject({ generator: 'built-in', basedOn: expect.any(String) as string })
      expect(draft?.content).toContain('10442')
      // What the gateway asks with is what Support prepared with, to the last digit.
      expect(before).toContain(draft?.id)
    }, 30_000)
    // The first one of a process waits for the models to be made.
  }, 90_000)

  it('never shows an older one: another word of the customer makes another draft', async () => {
    const { show, token, id, tenant } = await aTicketAbout('newer')
    const first = (await show()).draft
    const more = `mutation ($input: ReceiveMessageInput!) { receiveMessage(input: $input) { userErrors { code } } }`
    const input = { ticketId: id, channel: 'EMAIL', content: 'Please cancel it.', externalId: 'm2' }
    expect((await ask(here, more, { input }, token)).errors).toBeUndefined()
    const second = (await show()).draft
    expect(second?.id).not.toBe(first?.id)
    expect(second?.basedOn).not.toBe(first?.basedOn)
    await ingest(here, tenant, [
      {
        ...anOrder('10442', 'c1', '30.00', 3),
        order: { ...anOrder('10442', 'c1', '30.00', 3).order, status: 'DELIVERED' },
      },
    ])
    expect((await show()).draft?.id).not.toBe(second?.id)
  })

  it('streams another draft, word by word, through the gateway', async () => {
    const { show, token } = await aTicketAbout('stream')
    const { draft } = await show()
    const client = openLive(`${url}/graphql`, { authorization: `Bearer ${token}` })
    const query = `subscription ($input: RegenerateDraftInput!) { draftStream(input: $input) { text done draft { id content tone } } }`
    type Chunk = { draftStream: { text: string; done: boolean; draft: Draft | null } }
    const input = { previousDraftId: draft!.id, tone: 'FRIENDLY' }
    const chunks: Chunk['draftStream'][] = []
    for await (const { data } of client.subscribe<Chunk>(query, { input })) chunks.push(data!.draftStream)
    const last = chunks.at(-1)
    expect(last).toMatchObject({ done: true, draft: { tone: 'FRIENDLY', content: last?.text } })
    expect(chunks.length).toBeGreaterThan(5)
    expect(
      chunks
        .slice(0, -1)
        .map(({ text }) => text)
        .join(''),
    ).toBe(last?.text)
    await client.dispose()
  })

  it('streams it to its end over HTTP too', async () => {
    const wired = await openLiveWorld('over HTTP')
    try {
      const { show, token } = await aTicketAbout('wired', wired.world)
      const { draft } = await show()
      const query = `subscription ($input: RegenerateDraftInput!) { draftStream(input: $input) { text draft { content } } }`
      const variables = { input: { previousDraftId: draft!.id, length: 'SHORT' } }
      const facts = { requestId: 'test', caller: null, authorization: `Bearer ${token}` }
      const results = await wired.live.subscribe({ query, variables }, facts)
      const texts: string[] = []
      for await (const { data } of results as Results)
        texts.push((data as { draftStream: { text: string } }).draftStream.text)
      expect(texts.slice(0, -1).join('')).toBe(texts.at(-1))
    } finally {
      await wired.close()
    }
  })

  it('is told apart from what only our services may ask', async () => {
    const { token } = await aTicketAbout('inner')
    for (const query of ['{ keptDraft(id: "x") { id } }', 'mutation { prepareDraft(input: {}) { draft { id } } }']) {
      const { errors } = await ask(here, query, {}, token)
      expect(errors?.[0]?.extensions?.code).toBe('GRAPHQL_VALIDATION_FAILED')
    }
  })
})
