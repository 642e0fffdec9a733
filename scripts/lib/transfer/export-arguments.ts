import { parseArgs } from 'node:util'
import type { Kind } from './import-file.ts'

/** What `npm run export` was asked to do. `out` is a file, a folder, or `-` for standard output. */
export type ExportArguments = {
  kinds: Kind[]
  tenant: string
  out: string
  isDirectory: boolean
  format: 'jsonl' | 'csv'
}

/** What `npm run export -- --help` prints. */
export const exportHelp = `npm run export -- orders|customers|tickets|all --tenant SLUG [--out FILE|FOLDER] [--format jsonl|csv]

Writes the tenant's data as one consistent state, in the form that npm run import takes, in an order that does not depend on
when things came in. A FILE whose name ends in .gz is gzipped; - is standard output. Without --out, and for "all", it writes
orders.jsonl, customers.jsonl and tickets.jsonl into FOLDER (here, unless one is named). A file appears when it is complete.

To import all of it elsewhere: customers first, then tickets and orders.
`

const options = {
  tenant: { type: 'string' },
  out: { type: 'string' },
  format: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Parses the command line; null when help was asked for. @throws Error that says what is wrong */
export function exportArguments(argv: readonly string[]): ExportArguments | null {
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true })
  if (values.help || argv.length === 0) return null
  const [what, ...rest] = positionals
  if (what !== 'orders' && what !== 'customers' && what !== 'tickets' && what !== 'all') {
    throw new Error(`Say what to export: orders, customers, tickets or all${what ? `, not "${what}"` : ''}.`)
  }
  if (rest.length > 0) throw new Error(`What is "${rest.join(' ')}"? A file is named with --out.`)
  if (!values.tenant) throw new Error('Say whose: --tenant SLUG.')
  const out = values.out ?? '.'
  const isDirectory = what === 'all' || values.out === undefined || /[\\/]$/.test(out)
  if (out === '-' && what === 'all')
    throw new Error('Three kinds do not fit into one stream; name a folder with --out.')
  const format = values.format ?? (/\.csv(\.gz)?$/.test(out) ? 'csv' : 'jsonl')
  if (format !== 'csv' && format !== 'jsonl') throw new Error('--format is jsonl or csv.')
  // Customers first: the order in which they are imported.
  return {
    kinds: what === 'all' ? ['customers', 'tickets', 'orders'] : [what],
    tenant: values.tenant,
    out,
    isDirectory,
    format,
  }
}
