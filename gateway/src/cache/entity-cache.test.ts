import { codedError } from '@quimbi/service/errors.ts'
import { describe, expect, it } from 'vitest'
import type { SubgraphCall } from '../subgraph-calls.ts'
import { factsOf, fetching, keeping, source } from './cache.test-kit.ts'

describe('the cache of customers', () => {
  it('asks once, and then only for those it does not have', async () => {
    const { call, asked, values } = source()
    values.set('a', 1).set('b', 2).set('c', 3)
    const kept = keeping(call)
    expect(await kept.values(['a', 'b'])).toEqual([1, 2])
    expect(await kept.values(['b', 'a'])).toEqual([2, 1])
    expect(await kept.values(['c', 'a', 'd', 'b'])).toEqual([3, 1, 0, 2])
    expect(asked).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
    const text = await kept.registry.metrics()
    expect(text).toContain('quimbi_entity_cache_lookups_total{outcome="hit"} 4')
    expect(text).toContain('quimbi_entity_cache_lookups_total{outcome="miss"} 4')
    expect(text).toMatch(/quimbi_entity_cache_bytes [1-9]/)
  })

  it('hands out answers that whoever gets them may change', async () => {
    const { call } = source()
    const kept = keeping(call)
    for (let n = 0; n < 3; n++) {
      const { data } = await kept.get(['a'])
      const [entity] = data?.['_entities'] as Record<string, unknown>[]
      expect(entity).toEqual({ value: 0 })
      entity!['value'] = 'changed'
    }
  })

  it('keeps tenants, selections and arguments apart, and not roles', async () => {
    const { call, asked } = source()
    const kept = keeping(call)
    await kept.get(['a'])
    await kept.get(['a'], { role: 'ADMIN' })
    expect(asked).toHaveLength(1)
    await kept.get(['a'], { tenantId: 'u' })
    await kept.get(['a'], { selection: 'id value' })
    await kept.get(['a'], { selection: 'other(days: $days)', variables: { days: 1 } })
    await kept.get(['a'], { selection: 'other(days: $days)', variables: { days: 2 } })
    expect(asked).toHaveLength(5)
  })

  it('keeps a service that asks for a tenant apart from its agents, and nothing of who is nobody', async () => {
    const { call, asked } = source()
    const { cache } = keeping(call)
    const ask = cache.over(call)
    const operation = { query: fetching(), variables: { representations: [{ __typename: 'Customer', id: 'a' }] } }
    for (const facts of [factsOf('t'), { requestId: 'test', caller: 'support', tenantId: 't' } as const])
      for (let n = 0; n < 2; n++) await ask(operation, facts)
    expect(asked).toHaveLength(2)
    for (let n = 0; n < 2; n++) await ask(operation, { requestId: 'test', caller: null })
    expect(asked).toHaveLength(4)
  })

  it('keeps what is required of somebody else apart', async () => {
    const { call, asked } = source()
    const ask = keeping(call).cache.over(call)
    for (const status of ['OPEN', 'OPEN', 'SOLVED']) {
      const representations = [{ __typename: 'Customer', id: 'a', status }]
      await ask({ query: fetching(), variables: { representations } }, factsOf('t'))
    }
    expect(asked).toHaveLength(2)
  })

  it('keeps nothing of who is not there, and nothing once it has stopped', async () => {
    const { call, asked } = source()
    const isThere = { a: true, b: false }
    const kept = keeping(async (...question) => {
      const { data } = await call(...question)
      const ids = asked.at(-1) as ('a' | 'b')[]
      const entities = data?.['_entities'] as unknown[]
      return { data: { _entities: entities.map((one, n) => (isThere[ids[n] ?? 'b'] ? one : null)) } }
    })
    for (let n = 0; n < 2; n += 1) expect(await kept.values(['a', 'b'])).toEqual([0, undefined])
    expect(asked).toEqual([['a', 'b'], ['b']])
    kept.cache.stop()
    await kept.get(['a'])
    await kept.get(['a'])
    expect(asked.slice(2)).toEqual([['a'], ['a']])
  })

  it('never keeps what is tagged, what is no entity, and what has no id', async () => {
    const { call, asked } = source()
    const kept = keeping(call)
    for (let n = 0; n < 2; n++) await kept.get(['a'], { selection: 'value draft' })
    expect(asked).toHaveLength(2)
    const other: unknown[] = []
    const ask = kept.cache.over(async (operation) => {
      other.push(operation)
      return { data: {} }
    })
    const keyless = { query: fetching(), variables: { representations: [{ __typename: 'Customer', email: 'a' }] } }
    for (const operation of [{ query: 'mutation { a }' }, { query: '{ a }' }, keyless]) {
      await ask(operation, factsOf('t'))
      await ask(operation, factsOf('t'))
    }
    expect(other).toHaveLength(6)
  })

  it('asks again for whom was revised, for a tenant, and for everybody', async () => {
    const { call, asked } = source()
    const kept = keeping(call)
    const ask = () => kept.get(['A', 'b'])
    await ask()
    await kept.revise('t', ['a'])
    await ask()
    await kept.revise('t')
    await ask()
    await kept.revise('other')
    await ask()
    await kept.revise(null)
    await ask()
    expect(asked).toEqual([['A', 'b'], ['A'], ['A', 'b'], ['A', 'b']])
  })

  it('does not keep what was revised while it was asked for', async () => {
    const answered = Promise.withResolvers<void>()
    const { call, asked } = source()
    const kept = keeping(async (...question) => {
      const result = await call(...question)
      await answered.promise
      return result
    })
    const first = kept.get(['a', 'b'])
    await expect.poll(() => asked.length).toBe(1)
    await kept.revise('t', ['b'])
    answered.resolve()
    await first
    await kept.get(['a', 'b'])
    expect(asked).toEqual([['a', 'b'], ['b']])
  })

  it('forgets after ten minutes, a tenth more or less', async () => {
    const { call, asked } = source()
    const random = [0, 1]
    const kept = keeping(call, { random: () => random.shift() ?? 0 })
    await kept.get(['a', 'b'])
    kept.clock.advance(540_000)
    await kept.get(['a', 'b'])
    expect(asked).toEqual([['a', 'b'], ['a']])
  })

  it('stays within its bytes', async () => {
    const { call } = source()
    const kept = keeping(call, { maxBytes: 50_000 })
    for (let n = 0; n < 300; n++) await kept.get([`customer-${n}`])
    const bytes = Number(/quimbi_entity_cache_bytes (\d+)/.exec(await kept.registry.metrics())?.[1])
    expect(bytes).toBeGreaterThan(20_000)
    expect(bytes).toBeLessThanOrEqual(50_000)
  })
})

describe('errors', () => {
  const failing =
    (errors: object[], entities?: unknown): SubgraphCall =>
    async ({ variables }) => {
      const asked = variables?.['representations'] as { id: string }[]
      const data = entities === undefined ? { _entities: asked.map(({ id }) => ({ value: id })) } : entities
      return { data, errors } as Awaited<ReturnType<SubgraphCall>>
    }
  const switching = () => {
    const { call, asked } = source()
    const state: { now: SubgraphCall } = { now: call }
    const through: SubgraphCall = (...question) => state.now(...question)
    return { state, asked, plain: call, kept: keeping(through) }
  }

  it('stand at the entity that was asked for, and only the others are kept', async () => {
    const { state, asked, plain, kept } = switching()
    await kept.get(['a'])
    state.now = failing([{ message: 'no', path: ['_entities', 1, 'value'] }])
    const { errors, data } = await kept.get(['b', 'a', 'c'])
    expect(errors).toEqual([{ message: 'no', path: ['_entities', 2, 'value'] }])
    expect(data?.['_entities']).toEqual([{ value: 'b' }, { value: 0 }, { value: 'c' }])
    state.now = plain
    await kept.get(['a', 'b', 'c'])
    expect(asked).toEqual([['a'], ['c']])
  })

  it('that name no entity keep all of them from being kept, and leave what is kept', async () => {
    const { state, asked, plain, kept } = switching()
    await kept.get(['a'])
    state.now = failing([{ message: 'no' }], null)
    expect(await kept.get(['b', 'a'])).toEqual({
      data: { _entities: [null, { value: 0 }] },
      errors: [{ message: 'no' }],
    })
    state.now = failing([{ message: 'no' }])
    await kept.get(['b'])
    state.now = plain
    await kept.get(['a', 'b'])
    expect(asked).toEqual([['a'], ['b']])
  })

  it('of a subgraph that is away leave what is kept', async () => {
    const { state, kept } = switching()
    await kept.get(['a'])
    state.now = () => Promise.reject(codedError('SUBGRAPH_UNAVAILABLE', 'away', { retryable: true }))
    const { data, errors } = await kept.get(['a', 'b'])
    expect(data).toEqual({ _entities: [{ value: 0 }, null] })
    expect(errors).toMatchObject([{ path: ['_entities', 1], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }])
    await expect(kept.get(['b'])).rejects.toThrow('away')
    state.now = () => Promise.reject(new Error('left'))
    await expect(kept.get(['a', 'b'])).rejects.toThrow('left')
  })

  it.each([[{ _entities: [{ value: 1 }, { value: 1 }, { value: 1 }] }], [{ _entities: 'no' }], [{}]])(
    'are told of an answer to something else: %j',
    async (data) => {
      const { state, kept } = switching()
      await kept.get(['a', 'b'])
      state.now = failing([], data)
      await expect(kept.get(['a', 'b', 'c'])).rejects.toMatchObject({ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } })
    },
  )
})
