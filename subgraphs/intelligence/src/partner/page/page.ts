import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLru } from '@quimbi/service/lru.ts'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { GraphQLSchema } from 'graphql'
import { createAsset, sendAsset, type Asset } from './assets.ts'
import { pageAsHtml } from './document.ts'
import { explorerAsHtml, explorerData, readVendored, vendorNames } from './explorer.ts'
import type { GuideFacts } from './guide/facts.ts'
import { pageAsMarkdown } from './markdown.ts'

export type PartnerPageOptions = {
  /** What partners may ask. */
  schema: GraphQLSchema
  /** The same as text. */
  sdl: string
  /** Where partners reach us, without a path; as the request came unless given. */
  publicUrl?: string | undefined
  limits: GuideFacts['limits']
}

const common = ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"]
const own = ["script-src 'self'", "connect-src 'self'"]
const policies = {
  page: [...common, ...own, "style-src 'self'", "img-src 'self'"].join('; '),
  // GraphiQL's style sheet brings its fonts and icons along. Its dialogs would write a style that stops the page from scrolling; it does not scroll.
  explorer: [...common, ...own, "style-src 'self'", "font-src 'self' data:", "img-src 'self' data:"].join('; '),
}

const browserFile = (name: string): string => readFileSync(join(import.meta.dirname, 'browser', name), 'utf8')
const types = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  markdown: 'text/markdown; charset=utf-8',
  text: 'text/plain; charset=utf-8',
}

/**
 * The documentation of the partner door, made of its schema: `/partner`, `/partner/docs.md`, `/partner/schema.graphql` and `/partner/explorer`,
 * with what these load. Made and packed when first asked for; open to everybody, as it holds nothing of anybody's.
 */
export function partnerPage({ schema, sdl, publicUrl, limits }: PartnerPageOptions): FastifyPluginAsync {
  const factsOf = (origin: string) => ({ schema, origin, limits })
  const pages = perOrigin((origin) => createAsset(pageAsHtml(factsOf(origin)).html, types.html))
  const markdown = perOrigin((origin) => createAsset(pageAsMarkdown(factsOf(origin), sdl), types.markdown))
  const originOf = (request: FastifyRequest) => publicUrl?.replace(/\/+$/, '') ?? askedFor(request)

  const fixed: Record<string, () => Asset> = {
    '/partner/schema.graphql': () => createAsset(sdl, types.text),
    '/partner/icon.svg': () => createAsset(browserFile('icon.svg'), types.svg),
    '/partner/page.css': () => createAsset(pageStyles(), types.css),
    '/partner/page.mjs': () => createAsset(browserFile('page.mjs'), types.js),
    '/partner/explorer.css': () => createAsset(explorerStyles(), types.css),
    '/partner/explorer.mjs': () => createAsset(browserFile('explorer.mjs'), types.js),
    '/partner/explorer/data.json': () => createAsset(explorerData(schema), types.json),
    ...Object.fromEntries(vendorNames.map((name) => [`/partner/explorer/${name}`, () => vendor(name)])),
  }
  const kept = new Map<string, Asset>()
  const assetOf = (path: string, make: () => Asset): Asset => {
    const asset = kept.get(path) ?? make()
    kept.set(path, asset)
    return asset
  }
  const explorer = () => assetOf('/partner/explorer', () => createAsset(explorerAsHtml(schema), types.html))

  return async (app) => {
    const serve = (path: string, policy: string, asset: (request: FastifyRequest) => Asset) =>
      app.get(path, (request: FastifyRequest, reply: FastifyReply) =>
        sendAsset(request, reply, asset(request), { 'content-security-policy': policy }),
      )
    serve('/partner', policies.page, (request) => pages(originOf(request)))
    serve('/partner/docs.md', policies.page, (request) => markdown(originOf(request)))
    serve('/partner/explorer', policies.explorer, explorer)
    for (const [path, make] of Object.entries(fixed)) serve(path, policies.page, () => assetOf(path, make))
  }
}

const vendor = (name: string): Asset => {
  const { content, type } = readVendored(name)
  return createAsset(content, type)
}

const pageStyles = () => ['base', 'page', 'code', 'reference'].map((name) => browserFile(`${name}.css`)).join('\n')

const explorerStyles = () =>
  `@import url('/partner/explorer/graphiql.css');\n${browserFile('base.css')}\n${browserFile('explorer.css')}`

// A host is what the client says: only what looks like one is shown, and few are kept.
const hostForm = /^(?:[a-z\d](?:[a-z\d.-]{0,251}[a-z\d])?|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i

const askedFor = ({ host, protocol }: FastifyRequest): string =>
  hostForm.test(host) ? `${protocol}://${host.toLowerCase()}` : 'https://api.example.com'

function perOrigin(make: (origin: string) => Asset): (origin: string) => Asset {
  const kept = createLru<string, Asset>(8)
  return (origin) => {
    const asset = kept.get(origin) ?? make(origin)
    kept.set(origin, asset)
    return asset
  }
}
