import { parseArgs } from 'node:util'
import type { Kind } from './import-file.ts'

/** What `npm run import` was asked to do. */
export type ImportArguments = {
  kind: Kind
  file: string
  tenant: string
  create: { name?: string | undefined; timeZone?: string | undefined } | null
  source?: string | undefined
  currencyCode?: string | undefined
  rejects?: string | undefined
  unassignUnknown: boolean
  dryRun: boolean
}

const options = {
  tenant: { type: 'string' },
  source: { type: 'string' },
  currency: { type: 'string' },
  'create-tenant': { type: 'boolean' },
  name: { type: 'string' },
  'time-zone': { type: 'string' },
  rejects: { type: 'string' },
  'unassign-unknown': { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Parses the command line; null when help was asked for. @throws Error that says what is wrong */
export function importArguments(argv: readonly string[]): ImportArguments | null {
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true })
  if (values.help || argv.length === 0) return null
  const [kind, file, ...rest] = positionals
  if (kind !== 'orders' && kind !== 'customers' && kind !== 'tickets') {
    throw new Error(`Say what to import: orders, customers or tickets${kind ? `, not "${kind}"` : ''}.`)
  }
  if (!file) throw new Error('Name a file, or - for standard input.')
  if (rest.length > 0) throw new Error(`One file at a time; what is "${rest.join(' ')}"?`)
  if (!values.tenant) throw new Error('Say whose it is: --tenant SLUG.')
  const isNew = values['create-tenant'] ?? false
  if (!isNew && (values.name || values['time-zone']))
    throw new Error('--name and --time-zone belong to --create-tenant.')
  if (isNew && values['dry-run']) throw new Error('--dry-run writes nothing, so it cannot make a tenant.')
  return {
    kind,
    file,
    tenant: values.tenant,
    create: isNew ? { name: values.name, timeZone: values['time-zone'] } : null,
    source: values.source,
    currencyCode: values.currency,
    rejects: values.rejects,
    unassignUnknown: values['unassign-unknown'] ?? false,
    dryRun: values['dry-run'] ?? false,
  }
}
