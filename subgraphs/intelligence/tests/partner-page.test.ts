import { isEnumType } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changesOf } from '../src/partner/page/changes.ts'
import { pageAsHtml } from '../src/partner/page/document.ts'
import { operationsOf, typesOf } from '../src/partner/page/operations.ts'
import { openPageWorld, pageLimits, type PageWorld } from './partner-page-kit.ts'

let world: PageWorld
let page: string
beforeAll(async () => {
  world = await openPageWorld()
  page = await (await world.get('/partner')).text()
}, 120_000)
afterAll(() => world.close())

const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found)
const schemaOf = () => world.module.partner.schema

describe('the documentation', () => {
  it('has every operation, with an example, and every type', () => {
    const operations = operationsOf(schemaOf())
    expect(operations.filter(({ example }) => !example).map(({ name }) => name)).toEqual([])
    expect(operations.length).toBeGreaterThan(25)
    expect(all(page, /class="operation" id="([^"]+)"/g).toSorted()).toEqual(operations.map(({ id }) => id).toSorted())
    expect(all(page, /class="named" id="[^"]+" data-name="([^"]+)"/g)).toEqual(
      typesOf(schemaOf()).map(({ name }) => name),
    )
  })

  it('leads only to what is there', async () => {
    const ids = all(page, / id="([^"]+)"/g)
    expect(new Set(ids).size).toBe(ids.length)
    const links = new Set(all(page, / href="([^"]+)"/g))
    expect([...links].filter((link) => link.startsWith('#') && !ids.includes(link.slice(1)))).toEqual([])
    const paths = [...links].filter((link) => !link.startsWith('#')).map((link) => link.replace(/#.*/, ''))
    expect(paths.length).toBeGreaterThan(3)
    for (const path of new Set(paths)) {
      expect(path).toMatch(/^\/partner/)
      expect([path, (await world.get(path, {}, 'HEAD')).status]).toEqual([path, 200])
    }
  })

  it.each(['/partner', '/partner/explorer'])('loads nothing from anywhere else: %s', async (path) => {
    const response = await world.get(path)
    const text = await response.text()
    const loaded = [...all(text, / src="([^"]+)"/g), ...all(text, /<link[^>]* href="([^"]+)"/g)]
    expect(loaded.length).toBeGreaterThan(1)
    for (const one of loaded) {
      const body = await (await world.get(one)).text()
      expect(one).toMatch(/^\/partner\//)
      if (one.endsWith('.css'))
        expect(all(body, /url\(['"]?([^)]{0,20})/g).filter((url) => !/^(?:data:|\/partner\/)/.test(url))).toEqual([])
    }
    expect(text).not.toMatch(/<(?:script(?! src)|style|iframe)|\son\w+=|\sstyle=/)
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none';.*frame-ancestors 'none'; script-src 'self'; connect-src 'self'; style-src 'self'/,
    )
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
  })

  it('explains every code of the schema', () => {
    const codes = schemaOf().getType('UserErrorCode')
    expect(isEnumType(codes) && codes.getValues().length).toBeGreaterThan(5)
    for (const { name } of isEnumType(codes) ? codes.getValues() : [])
      expect(page).toMatch(new RegExp(`<td><code>${name}</code></td><td>[^<]+</td><td>[^<]+`))
    for (const code of ['UNAUTHENTICATED', 'THROTTLED', 'RESYNC_REQUIRED', 'GRAPHQL_VALIDATION_FAILED'])
      expect(page).toContain(`<td><code>${code}</code></td>`)
  })

  it('shows where it was reached, and nothing that a header made up', async () => {
    expect(page).toContain(`${world.url}/partner/graphql`)
    const facts = { schema: schemaOf(), limits: pageLimits, origin: 'https://"><script>' }
    expect(pageAsHtml(facts).html).not.toContain('<script>')
  })

  it('is small, packed, and not sent twice', async () => {
    expect(Buffer.byteLength(page)).toBeLessThan(300_000)
    const packed = await world.get('/partner', { 'accept-encoding': 'br' }, 'HEAD')
    expect(Number(packed.headers.get('content-length'))).toBeLessThan(60_000)
    const etag = packed.headers.get('etag') ?? ''
    const again = await world.get('/partner', { 'accept-encoding': 'br', 'if-none-match': etag })
    expect(again.status).toBe(304)
    expect((await world.get('/partner/nothing')).status).toBe(404)
  })

  it('is there as Markdown and as a schema', async () => {
    const markdown = await world.get('/partner/docs.md')
    expect(markdown.headers.get('content-type')).toContain('text/markdown')
    const text = await markdown.text()
    for (const { name } of operationsOf(schemaOf())) expect(text).toContain(`\n### ${name}\n`)
    expect(await (await world.get('/partner/schema.graphql')).text()).toBe(world.module.partner.sdl)
  })
})

describe('the changelog', () => {
  const elementsOf = () => {
    const types = Object.values(schemaOf().getTypeMap()).filter((type) => !type.name.startsWith('__'))
    return types.flatMap((type) => {
      const fields = 'getFields' in type ? Object.values(type.getFields()) : isEnumType(type) ? type.getValues() : []
      return fields.map((field) => ({
        path: `${type.name}.${field.name}`,
        isDeprecated: Boolean(field.deprecationReason),
      }))
    })
  }

  it('has every operation, and nothing that never was', () => {
    const known = new Set([...elementsOf().map(({ path }) => path), ...Object.keys(schemaOf().getTypeMap())])
    const changes = changesOf(schemaOf())
    const broken = new Set(changes.flatMap(({ removed }) => removed.map(({ element }) => element)))
    const added = changes.flatMap((change) => change.added)
    const operations = elementsOf().filter(({ path }) => /^(?:Query|Mutation|Subscription)\./.test(path))
    expect(operations.map(({ path }) => path).filter((path) => !added.includes(path))).toEqual([])
    expect(added.filter((element) => !known.has(element) && !broken.has(element))).toEqual([])
  })

  it('has a date for everything deprecated', () => {
    const dated = changesOf(schemaOf()).flatMap(({ deprecated }) => deprecated.map(({ element }) => element))
    const without = elementsOf().filter(({ path, isDeprecated }) => isDeprecated && !dated.includes(path))
    expect(without).toEqual([])
  })
})
