import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import { consolePages, wantsPage } from './addresses.ts'
import type { Console } from './folder.ts'
import { createNonce, noncePlaceholder, policyOf } from './policy.ts'

export type ConsoleOptions = {
  /** null: not built; its pages then say how to. */
  folder: Console['folder']
  /** Origins where attachments are, besides this one. */
  files?: readonly string[] | undefined
}

const year = 'public, max-age=31536000, immutable'

/**
 * The built console at the gateway's origin: its files by their names, packed when they were built, and its page at each of its addresses. Only
 * files that were there at the start are served, each at a route of its own, so that no path leads elsewhere.
 */
export function consoleRoutes({ folder, files }: ConsoleOptions): FastifyPluginAsync {
  if (folder === null) return missing
  const parts = readFileSync(join(folder, 'index.html'), 'utf8').split(noncePlaceholder)
  const page = (reply: FastifyReply) => {
    const nonce = createNonce()
    // The page names the files of its build, so it must not outlive them; they may be kept for good.
    void reply.headers({ 'cache-control': 'no-cache', 'content-security-policy': policyOf(nonce, files) })
    return reply.type('text/html; charset=utf-8').send(parts.join(nonce))
  }
  return async (app) => {
    await app.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      index: false,
      decorateReply: false,
      preCompressed: true,
      acceptRanges: false,
      cacheControl: false,
      globIgnore: ['**/*.{br,gz}', 'index.html', 'documents.json'],
      setHeaders: (reply, path) => {
        void reply.header('vary', 'accept-encoding')
        void reply.header('cache-control', /[\\/]assets[\\/]/.test(path.slice(folder.length)) ? year : 'no-cache')
      },
    })
    serve(app, page)
  }
}

function serve(app: Parameters<FastifyPluginAsync>[0], page: (reply: FastifyReply) => FastifyReply): void {
  for (const path of consolePages) {
    app.get(path, (request, reply) => {
      void reply.header('vary', 'accept')
      return wantsPage(request.headers.accept) ? page(reply) : reply.callNotFound()
    })
  }
}

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>The console is not built</title>
<h1>The console is not built</h1>
<p>The graph runs: it is at <code>/graphql</code>. For its console, build it and start again:</p>
<pre>npm run console -- --build</pre>
<p>While you work on it, <code>npm run console</code> serves it with hot reload.</p>
</html>
`

const missing: FastifyPluginAsync = (app) => {
  serve(app, (reply) => reply.code(503).type('text/html; charset=utf-8').send(notBuilt))
  return Promise.resolve()
}
