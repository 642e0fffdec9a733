import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { introspectionFromSchema, type GraphQLSchema } from 'graphql'
import { examples } from './examples/all.ts'
import { groups, sampleIds } from './examples/example.ts'
import { html } from './html.ts'
import { shell } from './document.ts'
import { operationsOf } from './operations.ts'

const require = createRequire(import.meta.url)
const beside = (manifest: string, file: string) => join(dirname(manifest), file)

/** GraphiQL as its makers built it, with the React that it takes: the last one that comes as a script of its own. */
const vendored: Record<string, [file: () => string, type: string]> = {
  'react.js': [
    () => beside(require.resolve('react/package.json'), 'umd/react.production.min.js'),
    'text/javascript; charset=utf-8',
  ],
  'react-dom.js': [
    () => beside(require.resolve('react-dom/package.json'), 'umd/react-dom.production.min.js'),
    'text/javascript; charset=utf-8',
  ],
  'graphiql.js': [
    () => beside(require.resolve('graphiql/package.json'), 'graphiql.min.js'),
    'text/javascript; charset=utf-8',
  ],
  'graphiql.css': [
    () => beside(require.resolve('graphiql/package.json'), 'graphiql.min.css'),
    'text/css; charset=utf-8',
  ],
}

export const vendorNames = Object.keys(vendored)

/** Of another's script; without the map that it names, which is not served. */
export function readVendored(name: string): { content: string; type: string } {
  const [file, type] = vendored[name] ?? []
  if (!file || !type) throw new Error(`There is no ${name}`)
  return { content: readFileSync(file(), 'utf8').replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '\n'), type }
}

/** What the explorer's script is given: the schema, so that it completes names before there is a key, and the examples. */
export const explorerData = (schema: GraphQLSchema): string =>
  JSON.stringify({ schema: introspectionFromSchema(schema), examples, sampleIds })

/** A page for trying the API. The key stays in the tab: typed by the reader, kept until the tab is closed, sent to this origin alone. */
export function explorerAsHtml(schema: GraphQLSchema): string {
  const names = operationsOf(schema).filter(({ example }) => example)
  const options = Object.entries(groups).map(([group, title]) => {
    const own = names.filter((operation) => operation.group === group)
    return (
      own.length > 0 &&
      html`<optgroup label="${title}">${own.map(({ name }) => html`<option>${name}</option>`)}</optgroup>`
    )
  })
  return shell({
    title: 'Explorer · Quimbi Intelligence API',
    styles: '/partner/explorer.css',
    scripts: ['react.js', 'react-dom.js', 'graphiql.js']
      .map((name) => `/partner/explorer/${name}`)
      .concat('/partner/explorer.mjs'),
    body: html`<main id="main" class="explorer" tabindex="-1">
      <h1 class="unseen">Explorer</h1>
      <form id="means" autocomplete="off">
        <label for="key">API key</label
        ><input id="key" type="password" placeholder="qk_live_…" autocomplete="off" spellcheck="false" />
        <label for="example">Example</label
        ><select id="example">
          ${options}
        </select>
        <button type="button" id="ids">Fill in ids of mine</button>
        <output id="told" role="status"></output>
      </form>
      <noscript
        ><p>The explorer needs JavaScript; <a href="/partner">the documentation</a> does not.</p></noscript
      >
      <div id="graphiql"></div>
    </main>`,
  }).html
}
