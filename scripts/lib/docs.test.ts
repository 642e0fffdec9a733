import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { commonEnvironment } from '@quimbi/service/config.ts'
import { cacheMetricCatalogue } from '@quimbi/gateway/cache/cache-metrics.ts'
import { fetchMetricCatalogue } from '@quimbi/gateway/engine/fetch-metrics.ts'
import { limitsMetricCatalogue } from '@quimbi/gateway/limits/limits-metrics.ts'
import { federatedMetricCatalogue } from '@quimbi/gateway/live/metrics.ts'
import { retryMetricCatalogue } from '@quimbi/gateway/resilience/retry-metrics.ts'
import { composeMetricCatalogue } from '@quimbi/intelligence/assistant/compose-metrics.ts'
import { modelMetricCatalogue } from '@quimbi/intelligence/assistant/model/metrics.ts'
import { readMetricCatalogue } from '@quimbi/intelligence/keys/read-metrics.ts'
import { partnerMetricCatalogue } from '@quimbi/intelligence/partner/metrics.ts'
import { breakerMetricCatalogue } from '@quimbi/service/breaker-metrics.ts'
import { metricCatalogue } from '@quimbi/service/metrics.ts'
import { liveMetricCatalogue } from '@quimbi/service/websocket-metrics.ts'
import { eventMetricCatalogue } from '@quimbi/subgraph/event-metrics.ts'
import { describe, expect, it } from 'vitest'
import { root } from './root.ts'

const read = (file: string) => readFileSync(join(root, file), 'utf8')
const operations = read('docs/operations.md')
/** The first cells of the tables' rows, each a name in backquotes. */
const rowsNamed = new Set([...operations.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name))

/** The variables that a file reads: keys of its zod schema, and those it takes from the environment by name. */
function variablesOf(file: string): string[] {
  const text = read(file)
  const patterns = [
    /(?:^\s+|\{ |, )([A-Z][A-Z\d_]{3,}): (?!true)/gm,
    /(?:process\.env|environment)\['([A-Z\d_]+)'\](?! =)/g,
    /(?:\{|,) ([A-Z\d_]{3,}): true/g,
  ]
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name = '']) => name))
}

describe('docs/operations.md', () => {
  it.each([
    'gateway/src/config.ts',
    'gateway/src/limits/config.ts',
    'subgraphs/support/src/config.ts',
    'subgraphs/intelligence/src/config.ts',
    'subgraphs/intelligence/src/assistant/model/settings.ts',
    'subgraphs/intelligence/src/partner/limits.ts',
    'scripts/start.ts',
    'scripts/start-services.ts',
    'scripts/migrate.ts',
  ])('has every variable that %s reads', (file) => {
    const variables = variablesOf(file)
    expect(variables.length).toBeGreaterThan(0)
    expect(variables.filter((name) => !rowsNamed.has(name))).toEqual([])
  })

  it('has every variable that all services read', () => {
    expect(Object.keys(commonEnvironment.shape).filter((name) => !rowsNamed.has(name))).toEqual([])
  })

  it('has every metric, with its type, labels and meaning', () => {
    const rows = [
      ...metricCatalogue,
      ...eventMetricCatalogue,
      ...liveMetricCatalogue,
      ...breakerMetricCatalogue,
      ...fetchMetricCatalogue,
      ...cacheMetricCatalogue,
      ...limitsMetricCatalogue,
      ...federatedMetricCatalogue,
      ...retryMetricCatalogue,
      ...modelMetricCatalogue,
      ...composeMetricCatalogue,
      ...partnerMetricCatalogue,
      ...readMetricCatalogue,
    ].map(({ name, type, labels, meaning }) => {
      return `| \`${name}\` | ${type} | ${labels.join(', ')} | ${meaning} |`
    })
    const written = operations.split('\n').map((line) => line.replaceAll(/ +/g, ' '))
    expect(rows.map((row) => row.replaceAll(/ +/g, ' ')).filter((row) => !written.includes(row))).toEqual([])
  })
})

const decisions = readdirSync(join(root, 'docs/decisions')).map((name) => `docs/decisions/${name}`)
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'docs/architecture.md',
  'docs/operations.md',
  'docs/api.md',
  'docs/features.md',
  'docs/intelligence.md',
  'docs/assistant.md',
  'docs/partners.md',
  'docs/console.md',
  'docs/support.md',
  'docs/benchmarks.md',
  'packages/partner-client/README.md',
  'examples/README.md',
  ...decisions,
]

describe.each(pages)('%s', (page) => {
  it('links to files that are there', () => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target = '']) => target)
    expect(links.filter((target) => !existsSync(resolve(root, dirname(page), target)))).toEqual([])
  })

  it('names files of the project that are there', () => {
    const folders = 'gateway|subgraphs|packages|prisma|schema|scripts|bench|docs|examples'
    const named = [...read(page).matchAll(new RegExp(`\`((?:${folders})/[\\w./-]+)\``, 'g'))].map(
      ([, path = '']) => path,
    )
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })
})
