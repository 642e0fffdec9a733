// npm run tenant: makes a business and the administrator who logs in first. See --help.
import { parseArgs } from 'node:util'
import { openTransferDatabases } from './lib/transfer/databases.ts'
import { findTenant } from './lib/transfer/tenant.ts'
import { showSteps } from './lib/steps.ts'
import { addAdministrator } from './lib/administrator.ts'

const help = `npm run tenant -- SLUG --admin EMAIL [options]

Makes the tenant if it is missing, and an administrator of it with a password that is printed once.

  --admin EMAIL      address that the administrator logs in with
  --currency CODE    currency of all its amounts; needed for a new tenant
  --name TEXT        name of the business; SLUG unless given
  --time-zone ZONE   IANA time zone; UTC unless given

  npm run tenant -- retail --admin ada@retail.example --currency GBP --time-zone Europe/London
`

const options = {
  admin: { type: 'string' },
  currency: { type: 'string' },
  name: { type: 'string' },
  'time-zone': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

async function main(argv: string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true })
  if (values.help || argv.length === 0) return void process.stdout.write(help)
  const [slug, ...rest] = positionals
  if (!slug || rest.length > 0) throw new Error('Name one tenant by its short name, e.g. retail.')
  if (!values.admin) throw new Error('Say who administers it: --admin EMAIL.')
  const steps = showSteps(process.stderr)
  const databases = await openTransferDatabases(process.env, steps.step).finally(steps.done)
  try {
    const create = { name: values.name, currencyCode: values.currency, timeZone: values['time-zone'] }
    const tenant = await findTenant(databases.support, slug, create)
    const { email, password } = await addAdministrator(databases.support, tenant, values.admin, new Date())
    process.stdout.write(`Log in with\n  tenant ${slug}   e-mail ${email}   password ${password}\n`)
  } finally {
    await databases.close()
  }
}

await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`npm run tenant failed: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
