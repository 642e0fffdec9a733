import { execFileSync } from 'node:child_process'
import { open, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gatewayArguments } from '@quimbi/gateway/standalone/arguments.ts'
import { StartError } from '@quimbi/gateway/standalone/start-error.ts'
import { serverAudits } from 'graphql-http'
import { afterEach, describe, expect, it } from 'vitest'
import { composeAt, fed2, serveAlone, serveCase } from './standalone-kit.ts'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
})

const things = (value: string) => ({
  things: fed2('type Query { thing: Thing fails: Int } type Thing @key(fields: "id") { id: ID! self: Thing }', {
    Query: {
      thing: () => ({ id: value }),
      fails: () => {
        throw new Error('The subgraph said so')
      },
    },
    Thing: { self: (of: object) => of, __resolveReference: (of: object) => of },
  }),
  extras: fed2('type Thing @key(fields: "id") { id: ID! extra: String }', {
    Thing: { __resolveReference: (of: object) => of, extra: ({ id }: { id: string }) => `extra ${id}` },
  }),
})

async function served(
  value = 'one',
  more: Parameters<typeof serveAlone>[2] = {},
  headers: Record<string, string> = {},
) {
  const subgraphs = await serveCase(things(value), headers)
  stops.push(subgraphs.stop)
  return { ...(await serveAlone(subgraphs.supergraph, stops, more)), subgraphs }
}

const close = { headers: { connection: 'close' } }

describe('the gateway alone', () => {
  it('is healthy, answers POST and GET, introspection and deep questions, and refuses batches', async () => {
    const { url, post, ask } = await served()
    expect((await fetch(`${url}/health`, close)).status).toBe(200)
    const get = await fetch(`${url}/graphql?query=${encodeURIComponent('{ thing { extra } }')}`, close)
    expect(await get.json()).toEqual({ data: { thing: { extra: 'extra one' } } })
    const { data } = await ask({ query: '{ __schema { types { name } } }' })
    expect(JSON.stringify(data)).toContain('"Thing"')
    const deep = await ask({ query: `{ thing ${'{ self '.repeat(40)} { id } ${'}'.repeat(40)} }` })
    expect(deep.errors).toBeUndefined()
    const batch = await post([{ query: '{ __typename }' }])
    expect(batch.status).toBe(400)
  })

  it('passes all audits of GraphQL over HTTP', { timeout: 60_000 }, async () => {
    const { url } = await served()
    const fetchFn = (address: string, init?: RequestInit) =>
      fetch(address, { ...init, headers: { ...init?.headers, connection: 'close' } })
    const results = await Promise.all(serverAudits({ url: `${url}/graphql`, fetchFn }).map((audit) => audit.fn()))
    expect(results.filter(({ status }) => status !== 'ok').map(({ name }) => name)).toEqual([])
    expect(results.length).toBeGreaterThanOrEqual(60)
  })

  it('asks subgraphs at their own paths and sends on what it was told to, and no more', async () => {
    const { post, subgraphs } = await served('one', { forward: ['x-tenant'] })
    const headers = { authorization: 'Bearer of the client', 'x-tenant': 't1', 'x-other': 'o', cookie: 'c=1' }
    await post({ query: '{ thing { extra } }' }, { headers })
    expect(subgraphs.asked.map(({ path }) => path)).toEqual([
      '/things/some/where?graph=things',
      '/extras/some/where?graph=extras',
    ])
    for (const asked of subgraphs.asked) {
      expect(asked.headers).toMatchObject({ authorization: 'Bearer of the client', 'x-tenant': 't1' })
      expect(asked.headers).not.toHaveProperty('x-other')
      expect(asked.headers).not.toHaveProperty('cookie')
    }
  })

  it('never lets requests with other credentials share an answer', async () => {
    const { post, subgraphs } = await served()
    const ask = (who: string) => post({ query: '{ thing { id } }' }, { headers: { authorization: who } })
    await Promise.all(['a', 'a', 'b'].map(ask))
    expect(new Set(subgraphs.asked.map(({ headers }) => headers['authorization']))).toEqual(new Set(['a', 'b']))
  })

  it('passes the errors of subgraphs on, and says what is wrong with a document', async () => {
    const { ask } = await served()
    const failed = await ask({ query: '{ fails thing { id } }' })
    expect(failed).toMatchObject({ data: { fails: null, thing: { id: 'one' } } })
    expect(failed.errors).toEqual([expect.objectContaining({ message: 'The subgraph said so', path: ['fails'] })])
    const invalid = await ask({ query: '{ nothing }' })
    expect(invalid.errors?.[0]).toMatchObject({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })
    const live = await ask({ query: 'subscription { x }' })
    expect(live.errors).toHaveLength(1)
  })

  it('starts and serves with a subgraph away, and names neither its address nor our insides', async () => {
    const subgraphs = await serveCase(things('one'))
    stops.push(subgraphs.stop)
    const gone = createServer()
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve))
    const { port } = gone.address() as AddressInfo
    await new Promise((resolve) => gone.close(resolve))
    const urlOf = (name: string) => (name === 'extras' ? `http://127.0.0.1:${port}/` : `${subgraphs.url}/${name}`)
    const { ask } = await serveAlone(composeAt(things('one'), urlOf), stops)
    const answer = await ask({ query: '{ thing { id extra } }' })
    expect(answer.data).toEqual({ thing: { id: 'one', extra: null } })
    expect(answer.errors).toEqual([
      expect.objectContaining({
        path: ['thing', 'extra'],
        extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryable: true, service: 'extras' },
      }),
    ])
    expect(JSON.stringify(answer)).not.toContain(String(port))
  })

  it('takes a subgraph that answers with something else than GraphQL for one that is away', async () => {
    const page = createServer((_request, response) => response.writeHead(502).end('<html>bad gateway</html>'))
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve))
    stops.push(() => (page.close(), page.closeAllConnections()))
    const { port } = page.address() as AddressInfo
    const { ask } = await serveAlone(
      composeAt(things('one'), () => `http://127.0.0.1:${port}`),
      stops,
    )
    const answer = await ask({ query: '{ thing { id } }' })
    expect(answer).toMatchObject({ data: { thing: null }, errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }] })
  })

  it('serves a changed file, subgraphs and addresses with it, and keeps what it has where the file is wrong', async () => {
    const { ask, file, reload } = await served('one', { pollMs: 10 })
    const id = async () => (await ask({ query: '{ thing { id } }' })).data?.['thing']
    const next = await serveCase(things('two'))
    stops.push(next.stop)
    await writeFile(file, next.supergraph)
    await expect.poll(id, { timeout: 10_000 }).toEqual({ id: 'two' })
    await writeFile(file, 'type Query {')
    await reload()
    expect(await id()).toEqual({ id: 'two' })
    const added = { ...things('three'), more: fed2('type Query { more: Int }', { Query: { more: () => 3 } }) }
    const third = await serveCase(added)
    stops.push(third.stop)
    await writeFile(file, third.supergraph)
    await reload()
    expect(await ask({ query: '{ more thing { id } }' })).toEqual({
      data: { more: 3, thing: { id: 'three' } },
    })
  })

  it('serves the newest file when it is told to read again while it reads', async () => {
    const { ask, file, reload, subgraphs } = await served('one', { pollMs: 1_000_000 })
    const next = await serveCase(things('two'))
    stops.push(next.stop)
    const pipe = `${file}.pipe`
    execFileSync('mkfifo', [pipe])
    await rm(file)
    await symlink(pipe, file)
    const first = reload()
    // Opens once it is being read.
    const older = await open(pipe, 'w')
    await writeFile(`${file}.next`, next.supergraph)
    await rename(`${file}.next`, file)
    const others = [reload(), reload()]
    await older.writeFile(`${subgraphs.supergraph}\n# older`)
    await older.close()
    await Promise.all([first, ...others])
    expect((await ask({ query: '{ thing { id } }' })).data).toEqual({ thing: { id: 'two' } })
  })

  it.each([
    ['no file', 'SUPERGRAPH_MISSING', { supergraph: '/nowhere/at/all.graphql' }, undefined],
    ['no GraphQL', 'SUPERGRAPH_INVALID', {}, 'type Query {'],
    ['no supergraph', 'SUPERGRAPH_INVALID', {}, 'type Query { a: Int }'],
    ['no address', 'SUBGRAPH_ADDRESS', {}, composeAt(things('one'), () => '')],
  ])('says in one line that there is %s', async (_what, code, more, text) => {
    const failure = await serveAlone(text ?? '', stops, more).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(StartError)
    expect(failure).toMatchObject({ code })
    expect((failure as Error).message).not.toContain('\n')
  })

  it('names the feature of a supergraph that it does not serve', async () => {
    const link = 'schema @link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY)'
    const guarded = composeAt(things('one'), () => 'http://x.example').replace(/^schema\b/m, link)
    await expect(serveAlone(guarded, stops)).rejects.toMatchObject({
      code: 'SUPERGRAPH_INVALID',
      message: expect.stringContaining('authenticated'),
    })
  })

  it('says that its port is taken', async () => {
    const { url, file } = await served()
    const port = Number(new URL(url).port)
    await expect(serveAlone('', stops, { port, supergraph: file })).rejects.toMatchObject({ code: 'PORT' })
  })
})

describe('what the gateway says of keeping its answers', () => {
  const header = async (headers: Record<string, string>, query: string) => {
    const { post } = await served('one', {}, headers)
    return (await post({ query })).headers.get('cache-control')
  }

  it.each([
    ['nothing was said', {}, '{ thing { extra } }', 'no-store'],
    ['all allow it', { 'cache-control': 'max-age=60, public' }, '{ thing { extra } }', 'max-age=60, public'],
    ['one is private', { 'cache-control': 'private, max-age=60' }, '{ thing { id } }', 'max-age=60, private'],
    ['shared caches may less', { 'cache-control': 's-maxage=5, max-age=60' }, '{ thing { id } }', 'max-age=5, public'],
    ['it is forbidden', { 'cache-control': 'max-age=60, no-store' }, '{ thing { id } }', 'no-store'],
    ['there are errors', { 'cache-control': 'max-age=60' }, '{ thing { id } fails }', 'no-store'],
    ['it is nonsense', { 'cache-control': 'max-age=-1' }, '{ thing { id } }', 'no-store'],
  ])('%s', async (_what, headers, query, expected) => {
    expect(await header(headers, query)).toBe(expected)
  })
})

describe('the command line', () => {
  it('is read', () => {
    expect(
      gatewayArguments(['--supergraph', 'a.graphql', '--port', '0', '--forward', 'X-A, x-b', '--forward=x-c']),
    ).toEqual({
      supergraph: 'a.graphql',
      port: 0,
      host: '127.0.0.1',
      forward: ['x-a', 'x-b', 'x-c'],
    })
    expect(gatewayArguments(['--help'])).toBeNull()
    expect(gatewayArguments([])).toBeNull()
  })

  it.each([
    [['--port', '4000']],
    [['--supergraph', 'a', '--port', 'x']],
    [['--supergraph', 'a', '--port', '70000']],
    [['--supergraph', 'a', '--forward', 'content-length']],
    [['--supergraph', 'a', '--forward', 'bad header']],
    [['--nonsense']],
  ])('is refused in one line: %s', (argv) => {
    expect(() => gatewayArguments(argv)).toThrow(expect.objectContaining({ code: 'ARGUMENT' }))
  })
})
