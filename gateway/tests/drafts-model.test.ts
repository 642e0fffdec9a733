import { hangs, startModelServer, streams } from '@quimbi/intelligence/assistant/model/server.test-kit.ts'
import { noModel } from '@quimbi/intelligence/assistant/model/settings.ts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { aCustomer, ask, aTenant, aTicket, logIn, openWorld, type World } from './kit.ts'

let server: Awaited<ReturnType<typeof startModelServer>>
let here: World
beforeAll(async () => {
  server = await startModelServer()
  const model = { ...noModel, OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: server.url, OPENAI_TIMEOUT_MS: 900 }
  here = await openWorld({ model })
  await here.supergraph.start()
})
afterAll(async () => {
  await here.close()
  await server.close()
})

const answer = JSON.stringify({
  paragraphs: [[{ text: 'I am looking into this for you.', cites: [], importance: 1 }]],
  ...{ personalization: [], reasoning: 'Nothing is known yet.', confidence: 0.5 },
})
const draftOf = `query ($id: ID!) { ticket(id: $id) { draft { generator content } } }`
const inbox = '{ inbox(first: 10) { nodes { id status customer { name } } } }'
const change = `mutation ($input: UpdateTicketInput!) { updateTicket(input: $input) { ticket { priority } userErrors { code } } }`
type Shown = { ticket: { draft: { generator: string; content: string } | null } }

describe('with a language model', () => {
  it('goes on while the model hangs, and has it write again once it is back', async () => {
    const tenant = await aTenant(here, 'hanging')
    const { id: customerId } = await aCustomer(here, tenant, 'c1')
    const token = await logIn(here, tenant)
    const draft = async (id: string) => {
      const { data, errors } = await ask(here, draftOf, { id }, token)
      expect(errors).toBeUndefined()
      return (data as Shown).ticket.draft
    }

    server.behave(hangs)
    const first = await aTicket(here, tenant, customerId)
    expect(await draft(first.id)).toMatchObject({ generator: 'built-in' })
    expect(await draft((await aTicket(here, tenant, customerId)).id)).toMatchObject({ generator: 'built-in' })
    const asked = server.asked.length
    expect(asked).toBeGreaterThan(0)

    // Two calls failed: nobody is sent there any more, and the helpdesk has not noticed.
    const third = await aTicket(here, tenant, customerId)
    expect(await draft(third.id)).toMatchObject({ generator: 'built-in' })
    expect(server.asked.length).toBe(asked)
    expect((await ask(here, inbox, {}, token)).data).toMatchObject({ inbox: { nodes: { length: 3 } } })
    const { data } = await ask(here, change, { input: { id: first.id, priority: 'HIGH' } }, token)
    expect(data).toEqual({ updateTicket: { ticket: { priority: 'HIGH' }, userErrors: [] } })

    server.behave(streams(answer))
    here.clock.advance(5_001)
    await vi.waitFor(async () => {
      const { id } = await aTicket(here, tenant, customerId)
      expect(await draft(id)).toMatchObject({ generator: `openai:${noModel.OPENAI_MODEL}` })
    }, 20_000)
  }, 60_000)
})
