import { parseArgs } from 'node:util'
import { scopes } from '@quimbi/intelligence/keys/service.ts'

export const keysHelp = `npm run keys -- COMMAND --tenant SLUG [options]

API keys of the partner door. A key is printed once, on standard output, and kept as a hash.

  create --name TEXT --scopes LIST   makes a key; LIST of ${scopes.join(', ')}
      --requests-per-minute N        what it may ask, 1 to 100000; 1000 unless given
      --expires INSTANT              when it ends by itself, e.g. 2027-01-31T00:00:00Z; never unless given
  list                               shows the keys, newest first
  rotate ID                          makes a key in the place of another
      --grace-hours N                how long both are good, 0 to 168; 24 unless given
      --expires INSTANT              when the new one ends; as the replaced one would have unless given
  revoke ID                          ends a key within a second
  reads ID                           shows what was asked with a key, newest first
      --first N                      how many, 1 to 100; 50 unless given
      --after CURSOR                 where to go on

  --tenant SLUG   whose keys
  --json          one JSON document on standard output
  -h, --help      this text

Exit codes: 0 done, 1 refused or failed, 2 wrong usage.

  npm run keys -- create --tenant retail --name Newsletter --scopes insight:read,generate
`

/** Wrong usage, as against what was refused. */
export class UsageError extends Error {
  override name = 'UsageError'
}

export type KeysCommand =
  | { command: 'create'; name: string; scopes: string[]; requestsPerMinute: number; expiresAt: Date | null }
  | { command: 'list' }
  | { command: 'rotate'; id: string; graceHours: number; expiresAt: Date | null }
  | { command: 'revoke'; id: string }
  | { command: 'reads'; id: string; first: number; after: string | null }

export type KeysArguments = { tenant: string; json: boolean; asked: KeysCommand }

const text = { type: 'string' } as const
const options = {
  ...{ tenant: text, name: text, scopes: text, 'requests-per-minute': text, expires: text },
  ...{ 'grace-hours': text, first: text, after: text },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Options that a command takes beside --tenant, --json and --help. */
const own: Readonly<Record<KeysCommand['command'], readonly string[]>> = {
  create: ['name', 'scopes', 'requests-per-minute', 'expires'],
  list: [],
  rotate: ['grace-hours', 'expires'],
  revoke: [],
  reads: ['first', 'after'],
}

type Values = { [name in keyof typeof options]?: string | boolean }

/** What the command line asks for; null for the help. @throws UsageError */
export function keysArguments(argv: string[]): KeysArguments | null {
  const { values, positionals } = parsed(argv)
  if (values.help || argv.length === 0) return null
  const [command = '', ...rest] = positionals
  if (!isCommand(command)) throw new UsageError(`Name what to do: ${Object.keys(own).join(', ')}.`)
  const foreign = Object.keys(values).find((name) => ![...own[command], 'tenant', 'json'].includes(name))
  if (foreign) throw new UsageError(`--${foreign} means nothing to ${command}.`)
  if (typeof values.tenant !== 'string') throw new UsageError('Say whose keys: --tenant SLUG.')
  return { tenant: values.tenant, json: values.json === true, asked: askedOf(command, values, rest) }
}

function parsed(argv: string[]): { values: Values; positionals: string[] } {
  try {
    return parseArgs({ args: argv, options, allowPositionals: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

const isCommand = (word: string): word is KeysCommand['command'] => Object.hasOwn(own, word)

function askedOf(command: KeysCommand['command'], values: Values, rest: readonly string[]): KeysCommand {
  const takesId = command !== 'create' && command !== 'list'
  if (rest.length !== (takesId ? 1 : 0))
    throw new UsageError(takesId ? `Name one key by its id: ${command} ID.` : `${command} takes options only.`)
  const [id = ''] = rest
  const expiresAt = instant(values.expires)
  if (command === 'rotate') return { command, id, expiresAt, graceHours: whole(values, 'grace-hours', 24) }
  if (command === 'reads') return { command, id, first: whole(values, 'first', 50), after: word(values.after) }
  if (command === 'revoke') return { command, id }
  if (command === 'list') return { command }
  const [name, list] = [word(values.name), word(values.scopes)]
  if (name === null) throw new UsageError('Say what the key is for: --name TEXT.')
  if (list === null) throw new UsageError(`Say what it may do: --scopes LIST of ${scopes.join(', ')}.`)
  const wanted = list.split(',').map((scope) => scope.trim())
  return { command, name, scopes: wanted, expiresAt, requestsPerMinute: whole(values, 'requests-per-minute', 1_000) }
}

const word = (value: string | boolean | undefined): string | null => (typeof value === 'string' ? value : null)

function whole(values: Values, name: keyof Values, usual: number): number {
  const value = values[name]
  if (value === undefined) return usual
  if (!/^\d{1,9}$/.test(String(value))) throw new UsageError(`--${name} takes a whole number.`)
  return Number(value)
}

function instant(value: string | boolean | undefined): Date | null {
  if (value === undefined) return null
  const zoned = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(String(value))
  const at = new Date(String(value))
  if (!zoned || Number.isNaN(at.getTime()))
    throw new UsageError('--expires takes a day or an instant with its zone, e.g. 2027-01-31T00:00:00Z.')
  return at
}
