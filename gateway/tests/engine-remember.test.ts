import { composeServices } from '@apollo/composition'
import { createEngine } from '@quimbi/gateway/engine/engine.ts'
import { isEntity } from '@quimbi/gateway/engine/entities.ts'
import type { Result } from '@quimbi/gateway/engine/stock.ts'
import type { SubgraphCall } from '@quimbi/gateway/subgraph-calls.ts'
import { codedError } from '@quimbi/service/errors.ts'
import { parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { anEngine, requestFor, type Asked } from './engine-kit.ts'

// Two branches of the plan come to the same question about books, the one by the catalogue and the other by the reviews: book 3 is in both.
const query = '{ one { popularity levels } top { about { popularity levels } } }'

const idsAsked = (asked: readonly Asked[], name: string) =>
  asked
    .filter(({ service }) => service === name)
    .map(({ operation }) => (operation.variables?.['representations'] as { id: string }[]).map(({ id }) => id))

/** The reviews are told when the charts have answered, or have at least been asked. */
function later(when: 'answered' | 'asked', change: (next: SubgraphCall) => SubgraphCall = (next) => next) {
  const { promise, resolve } = Promise.withResolvers<void>()
  const charts = (next: SubgraphCall): SubgraphCall => {
    return async (...asked) => {
      if (when === 'asked') setImmediate(resolve)
      try {
        // Long enough that the other branch comes while this one is under way.
        if (when === 'asked') await new Promise((settled) => setTimeout(settled, 20))
        return await change(next)(...asked)
      } finally {
        setImmediate(resolve)
      }
    }
  }
  const reviews =
    (next: SubgraphCall): SubgraphCall =>
    async (...asked) => {
      await promise
      return next(...asked)
    }
  return { charts, reviews }
}

const popular = (n: number) => ({ popularity: n * 10, levels: [[n], null, [1, 2]] })

describe('what one question of a plan has told of an entity', () => {
  it.each(['answered', 'asked'] as const)('is known to the others, once %s', async (when) => {
    const { ask, asked } = await anEngine(later(when))
    const { data, errors } = await ask(query)
    expect(errors).toBeUndefined()
    expect(idsAsked(asked, 'charts')).toEqual([['b3'], ['b0', 'b1', 'b2']])
    expect(data).toEqual({ one: popular(3), top: [0, 1, 2, 3, 0].map((n) => ({ about: popular(n) })) })
  })

  it('is not asked again where all is known', async () => {
    const { ask, asked } = await anEngine(later('answered'))
    const { data } = await ask(
      '{ search { ... on Book { popularity } } top { about { reviews { about { id } } popularity } } one { popularity } }',
    )
    expect(idsAsked(asked, 'charts').flat().toSorted()).toEqual(['b0', 'b1', 'b2', 'b3', 'b7'])
    expect(data).toMatchObject({ one: { popularity: 30 } })
  })

  it('shows what is added at one place nowhere else', async () => {
    const { ask, asked } = await anEngine()
    const sized = (unit: string) => `reviews { about { size(unit: "${unit}") } }`
    const { data } = await ask(`{ one { ${sized('cm')} } items(first: 4) { ... on Book { ${sized('km')} } } }`)
    expect(idsAsked(asked, 'reviews').flat().toSorted()).toEqual(['b1', 'b3'])
    const about = (unit: string) => [3, 0, 1].map((n) => ({ about: { size: `${n} ${unit}` } }))
    const { one, items } = data as { one: object; items: object[] }
    expect(one).toEqual({ reviews: about('cm') })
    expect(items[3]).toEqual({ reviews: about('km') })
  })

  it('is forgotten with the request', async () => {
    const { ask, asked } = await anEngine(later('answered'))
    await ask(query)
    await ask(query)
    expect(idsAsked(asked, 'charts')).toHaveLength(4)
  })

  it('has its errors at each place where that entity stands, and nowhere else', async () => {
    const failing =
      (next: SubgraphCall): SubgraphCall =>
      async (operation, ...rest) => {
        const { data } = await next(operation, ...rest)
        const entities = data?.['_entities']
        const errors = (operation.variables?.['representations'] as { id: string }[]).flatMap(({ id }, index) =>
          id === 'b3' || id === 'b2' ? [{ message: id, path: ['_entities', index, 'popularity'] }] : [],
        )
        if (Array.isArray(entities))
          for (const { path } of errors) {
            const entity: unknown = entities[path[1] as number]
            if (isEntity(entity)) entity['popularity'] = null
          }
        return { data: data ?? null, errors: [...errors, { message: 'of nobody', path: ['_entities', 99] }] }
      }
    const { ask } = await anEngine(later('answered', failing))
    const { data, errors } = await ask(query)
    expect(errors?.map(({ message, path }) => `${message} ${path?.join('.')}`).toSorted()).toEqual([
      'b2 top.2.about.popularity',
      'b3 one.popularity',
      'b3 top.3.about.popularity',
      'of nobody one.levels',
      'of nobody one.popularity',
      'of nobody top',
      'of nobody top',
    ])
    expect(data).toMatchObject({ one: { popularity: null }, top: [{ about: { popularity: 0 } }, {}, {}, {}, {}] })
  })

  it.each(['answered', 'asked'] as const)('fails where it is needed if it was not told, once %s', async (when) => {
    let questions = 0
    const away =
      (next: SubgraphCall): SubgraphCall =>
      async (...asked) => {
        questions += 1
        if (questions === 1)
          throw codedError('SUBGRAPH_UNAVAILABLE', 'The service cannot be reached', { retryable: true })
        return next(...asked)
      }
    const { ask } = await anEngine(later(when, away))
    const { data, errors } = await ask(query)
    expect(errors?.map(({ path }) => path?.join('.')).toSorted()).toEqual(['one.levels', 'one.popularity', 'top'])
    expect(data).toMatchObject({ one: { popularity: null } })
  })

  it.each([
    ['something else than 1 entities', { _entities: [] }],
    ['data that is no object', 'text'],
  ])('is not taken from an answer that is %s', async (what, data) => {
    const { ask } = await anEngine(later('answered', () => async () => ({ data }) as never))
    const { errors } = await ask(query)
    expect(errors?.map(({ message }) => message)).toContain(`The service answered with ${what}`)
    expect(errors?.map(({ path }) => path?.join('.')).toSorted()).toEqual(['one.levels', 'one.popularity', 'top'])
  })

  it('is nothing where the answer has nothing', async () => {
    const { ask, asked } = await anEngine(later('answered', () => async () => ({ data: null })))
    const { data, errors } = await ask(query)
    expect(errors).toBeUndefined()
    expect(data).toMatchObject({ one: { popularity: null }, top: [{ about: { popularity: null } }, {}, {}, {}, {}] })
    expect(idsAsked(asked, 'charts')).toHaveLength(2)
  })

  it('is asked again after a change', async () => {
    const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])'
    const user = 'type User @key(fields: "id") { id: ID! }'
    const sdl = {
      one: `${link} type Query { user: User } type Mutation { rename: User } ${user}`,
      other: `${link} type Mutation { renameAgain: User } ${user}`,
      names: `${link} type User @key(fields: "id") { id: ID! name: String }`,
    }
    const { supergraphSdl = '' } = composeServices(
      Object.entries(sdl).map(([name, text]) => ({ name, url: `http://${name}.example`, typeDefs: parse(text) })),
    )
    let changes = 0
    const root: SubgraphCall = async ({ query }) => {
      changes += 1
      const field = query.includes('renameAgain') ? 'renameAgain' : 'rename'
      return { data: { [field]: { __typename: 'User', id: 'u' } } }
    }
    const names: SubgraphCall = async () => ({ data: { _entities: [{ name: `Name ${changes}` }] } })
    const { executor } = await createEngine({ supergraphSdl, calls: { one: root, other: root, names } }).load({
      apollo: {},
    })
    const request = requestFor({ query: 'mutation { rename { name } renameAgain { name } }' })
    const { data } = (await executor?.(request as never)) as Result
    expect(data).toEqual({ rename: { name: 'Name 1' }, renameAgain: { name: 'Name 2' } })
  })
})
