import { createLogger } from '@quimbi/service/logging.ts'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fed2, serveAlone, serveCase } from './standalone-kit.ts'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
})

const sdl = `scalar JSON  input In { float: Float  inner: [In]  pairs: [[In]] }
  type Query { echo(float: Float  floats: [Float!]  in: In  json: JSON  id: ID): String }`
const echo = (_: unknown, given: object) => JSON.stringify(given)

async function served() {
  const subgraphs = await serveCase({ only: fed2(sdl, { Query: { echo } }) })
  stops.push(subgraphs.stop)
  const log = createLogger({ service: 'gateway', level: 'silent' })
  const logged = vi.spyOn(log, 'error')
  return { ...(await serveAlone(subgraphs.supergraph, stops, { log })), subgraphs, logged }
}

describe('a number that is too large', () => {
  it.each([
    '{ echo(float: 1e400) }',
    '{ echo(float: -1e400) }',
    `{ echo(float: 1${'0'.repeat(400)}) }`,
    '{ echo(floats: [1, 1e400]) }',
    '{ echo(in: { inner: { inner: [{ float: 1e400 }] } }) }',
    '{ echo(json: { a: [1e400] }) }',
    'query ($x: Float = 1e400) { echo(float: $x) }',
    'query ($x: [Float!] = 1e400) { echo(floats: $x) }',
    'query ($x: In = { float: 1e400 }) { echo(in: $x) }',
    'query ($x: JSON = [1e400]) { echo(json: $x) }',
    'query { ...F } fragment F on Query { echo(float: 1e400) }',
  ])('is told to who sent it: %#', async (query) => {
    const { post, subgraphs, logged } = await served()
    const response = await post({ query }, { headers: { accept: 'application/graphql-response+json' } })
    expect(await response.json()).toEqual({
      errors: [
        {
          message: 'This number is too large.',
          locations: [{ line: 1, column: query.search(/-?1(e400|0{400})/) + 1 }],
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
        },
      ],
    })
    expect(response.status).toBe(400)
    expect(logged).not.toHaveBeenCalled()
    expect(subgraphs.asked).toEqual([])
  })

  it('is told so in variables', async () => {
    const { ask, logged } = await served()
    // JSON.parse reads it as Infinity, which JSON.stringify cannot write.
    const { errors } = await ask({ query: 'query ($x: Float) { echo(float: $x) }', variables: { x: '1e400' } })
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    expect(logged).not.toHaveBeenCalled()
  })

  it('is none as an ID, nor are numbers that a double holds', async () => {
    const { ask } = await served()
    const id = '9'.repeat(400)
    const { data, errors } = await ask({ query: `{ echo(id: ${id}, float: -1.5e300, json: [1e-400]) }` })
    expect(errors).toBeUndefined()
    expect(JSON.parse(String(data?.['echo']))).toEqual({ id, float: -1.5e300, json: [0] })
  })
})

describe('lists in lists', () => {
  const nested = (levels: number, open: string, inner: string, close: string) =>
    open.repeat(levels) + inner + close.repeat(levels)

  // Each level doubles the planner's time; of forty it would take hours.
  it.each([
    `{ echo(json: ${nested(9, '[', '', ']')}) }`,
    `{ echo(json: ${nested(9, '[{ a: ', '1', '}]')}) }`,
    `query ($x: JSON = ${nested(9, '[', '', ']')}) { echo(json: $x) }`,
    `{ echo(in: ${nested(9, '{ inner: ', '{}', '}')}) }`,
    `{ echo(in: ${nested(5, '{ pairs: ', '{}', '}')}) }`,
  ])('are told to who sent them before they are planned: %#', async (query) => {
    const { ask } = await served()
    const { errors } = await ask({ query })
    expect(errors).toMatchObject([
      { message: expect.stringContaining('8 lists'), extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ])
  })

  it('are planned where they are few, one beside the other as many as there are', async () => {
    const { ask } = await served()
    const list = nested(8, '[', '1', ']')
    const { data } = await ask({ query: `{ echo(json: { a: ${list}, b: [${'[1] '.repeat(20)}] }, floats: 1) }` })
    expect(JSON.parse(String(data?.['echo']))).toMatchObject({ json: { a: JSON.parse(list) as unknown }, floats: [1] })
  })
})
