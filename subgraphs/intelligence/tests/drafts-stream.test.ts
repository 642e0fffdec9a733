import { newId } from '@quimbi/database/ids.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Generator } from '../src/assistant/written.ts'
import {
  draftFields,
  draftOf,
  draftsOf,
  modelOf,
  ticketOf,
  told,
  turn,
  written,
  type ShownDraft,
} from './drafts-kit.ts'
import { openWorld, type World } from './kit.ts'
import { code, serveLive, take } from './live-kit.ts'

const subscription = `subscription ($input: RegenerateDraftInput!) { draftStream(input: $input) { text done draft { ${draftFields} } } }`
type Chunk = { text: string; done: boolean; draft: ShownDraft | null }
type Result = { data?: { draftStream: Chunk }; errors?: unknown[] }

let write: Generator['write'] = () => Promise.reject(new Error('away'))
let world: World
let live: Awaited<ReturnType<typeof serveLive>>
beforeAll(async () => {
  world = await openWorld({ model: modelOf((...all) => write(...all)), draftWaitMs: 60_000 })
  live = await serveLive(world)
})
afterEach(() => void (write = () => Promise.reject(new Error('away'))))
afterAll(async () => {
  await live.close()
  await world.close()
})

/** A ticket whose draft the built-in writer wrote, and somebody who looks at it. */
async function aDraft() {
  const tenantId = newId()
  const ticket = ticketOf(tenantId, told('Do you sell oak lamps?'))
  const draft = await draftOf(world, tenantId, ticket)
  const client = live.connect(await world.agent(tenantId, 'AGENT'))
  const follow = (input: object = {}) =>
    client.subscribe<NonNullable<Result['data']>>(subscription, { input: { previousDraftId: draft.id, ...input } })
  return { tenantId, ticket, draft, follow }
}
const chunksOf = (results: readonly unknown[]) => results.map((result) => (result as Result).data!.draftStream)
async function all(events: AsyncIterableIterator<unknown>): Promise<Chunk[]> {
  return chunksOf(await take(events, 10_000))
}

describe('draftStream', () => {
  it('comes word by word from the built-in writer, then whole and verified', async () => {
    const { follow, draft } = await aDraft()
    const chunks = await all(follow())
    const last = chunks.at(-1)!
    expect(last).toEqual({ text: draft.content, done: true, draft })
    const before = chunks.slice(0, -1)
    expect(before.length).toBeGreaterThan(5)
    expect(before.every(({ done, draft: none }) => !done && none === null)).toBe(true)
    expect(before.map(({ text }) => text).join('')).toBe(draft.content)
  })

  it('shows the model’s words as they come', async () => {
    const { follow } = await aDraft()
    const heard = Promise.withResolvers<void>()
    write = async (_situation, _wish, options) => {
      options?.onText?.('Thank you ')
      await heard.promise
      options?.onText?.('for your question.')
      return written('Thank you for your question.')
    }
    const events = follow({ tone: 'FRIENDLY' })
    expect(chunksOf(await take(events, 1))).toEqual([{ text: 'Thank you ', done: false, draft: null }])
    heard.resolve()
    const rest = await all(events)
    expect(rest[0]).toEqual({ text: 'for your question.', done: false, draft: null })
    expect(rest.at(-1)).toMatchObject({ done: true, draft: { generator: 'test-model', tone: 'FRIENDLY' } })
    expect(rest.at(-1)?.text).toContain('Thank you for your question.')
  })

  it('takes back what cannot be verified', async () => {
    const { follow } = await aDraft()
    const lie = 'Your order 99887766 will arrive on 3 January 2031 and you get 500.00 USD.'
    write = (_situation, _wish, options) => {
      options?.onText?.(lie)
      return Promise.resolve(written(lie))
    }
    const chunks = await all(follow({ length: 'LONG' }))
    expect(chunks[0]).toMatchObject({ text: lie, done: false })
    expect(chunks.at(-1)).toMatchObject({ done: true, draft: { generator: 'built-in' } })
    expect(chunks.at(-1)?.text).not.toContain('99887766')
  })

  it('tells the model to stop when nobody reads any more', async () => {
    const { follow } = await aDraft()
    const stopped = Promise.withResolvers<void>()
    write = (_situation, _wish, options) => {
      options?.onText?.('Thank you ')
      return new Promise((_, reject) => {
        options?.signal?.addEventListener('abort', () => {
          stopped.resolve()
          reject(new Error('left'))
        })
      })
    }
    const events = follow({ tone: 'CONCISE' })
    await take(events, 1)
    await events.return?.()
    await stopped.promise
  })

  it('is refused as regenerateDraft is', async () => {
    const { tenantId, ticket, draft, follow } = await aDraft()
    const first = async (events: AsyncIterableIterator<unknown>) => events.next()
    await expect(first(follow({ previousDraftId: newId() }))).rejects.toEqual(code('NOT_FOUND'))
    const stranger = live.connect(await world.agent(newId(), 'ADMIN'))
    const stolen = stranger.subscribe(subscription, { input: { previousDraftId: draft.id } })
    await expect(first(stolen)).rejects.toEqual(code('NOT_FOUND'))
    const next = told('', { revision: 'r2', turns: [turn('Hello?')] })
    await draftOf(world, tenantId, { ...ticket, conversationContext: next })
    await expect(first(follow())).rejects.toEqual(code('BAD_USER_INPUT'))
  })
})

describe('with a model, a ticket’s draft', () => {
  const ask = async (wait?: number) => {
    const own =
      wait === undefined ? world : await openWorld({ model: modelOf((...all) => write(...all)), draftWaitMs: wait })
    const tenantId = newId()
    return { own, tenantId, ticket: ticketOf(tenantId, told('Do you sell oak lamps?')) }
  }

  it('is the model’s, and kept: it is asked once', async () => {
    let calls = 0
    write = () => {
      calls += 1
      return Promise.resolve(written('Thank you for your question.'))
    }
    const { tenantId, ticket } = await ask()
    const page = await draftsOf(world, tenantId, [ticket, ticket])
    expect(page.drafts).toMatchObject([{ generator: 'test-model' }, { generator: 'test-model' }])
    await draftOf(world, tenantId, ticket)
    expect(calls).toBe(1)
  })

  it('is the built-in writer’s while the model is away, and the model’s once it is back', async () => {
    const { tenantId, ticket } = await ask()
    const away = await draftOf(world, tenantId, ticket)
    expect(away.generator).toBe('built-in')
    write = () => Promise.resolve(written('Thank you for your question.'))
    expect(await draftOf(world, tenantId, ticket)).toMatchObject({ generator: 'test-model', basis: away.basis })
  })

  it('is not asked of the model again after that wrote what cannot be shown', async () => {
    let calls = 0
    write = () => {
      calls += 1
      return Promise.resolve(written('Your order 99887766 is on its way.'))
    }
    const { tenantId, ticket } = await ask()
    const first = await draftOf(world, tenantId, ticket)
    expect(first.generator).toBe('built-in')
    expect(await draftOf(world, tenantId, ticket)).toEqual(first)
    expect(calls).toBe(1)
  })

  it('is the built-in writer’s where the model is slow, and the model’s the next time', async () => {
    const { own, tenantId, ticket } = await ask(1)
    const slow = Promise.withResolvers<void>()
    write = async () => {
      await slow.promise
      return written('Thank you for your question.')
    }
    expect((await draftOf(own, tenantId, ticket)).generator).toBe('built-in')
    slow.resolve()
    const drafts = () =>
      own.rows<{ generator: string }>('SELECT generator FROM draft WHERE tenant_id = $1 ORDER BY 1', tenantId)
    await vi.waitFor(async () =>
      expect((await drafts()).map(({ generator }) => generator)).toEqual(['built-in', 'test-model']),
    )
    expect((await draftOf(own, tenantId, ticket)).generator).toBe('test-model')
    await own.close()
  })
})
