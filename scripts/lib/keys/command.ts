import { UserErrors } from '@quimbi/service/errors.ts'
import { showSteps } from '../steps.ts'
import { openTransferDatabases } from '../transfer/databases.ts'
import { findTenant } from '../transfer/tenant.ts'
import { keysArguments, keysHelp, UsageError } from './arguments.ts'
import { runKeys } from './run.ts'

type Io = {
  environment: NodeJS.ProcessEnv
  stdout: { write(text: string): unknown }
  stderr: Parameters<typeof showSteps>[0]
}

/** Runs `npm run keys`; the exit code: 0 done, 1 refused or failed, 2 wrong usage. What is asked for goes to `stdout`, all else to `stderr`. */
export async function keysCommand(argv: string[], io: Io): Promise<0 | 1 | 2> {
  try {
    const wanted = keysArguments(argv)
    if (wanted) await perform(wanted, io)
    else io.stdout.write(keysHelp)
    return 0
  } catch (error) {
    io.stderr.write(`npm run keys failed: ${reasonOf(error)}\n`)
    return error instanceof UsageError ? 2 : 1
  }
}

async function perform(
  { tenant, json, asked }: NonNullable<ReturnType<typeof keysArguments>>,
  { environment, stdout, stderr }: Io,
): Promise<void> {
  const steps = showSteps(stderr)
  const databases = await openTransferDatabases(environment, steps.step).finally(steps.done)
  try {
    const { id: tenantId } = await findTenant(databases.support, tenant, null)
    const said = await runKeys(asked, { intelligence: databases.intelligence, tenantId, now: new Date() })
    const lines = json ? [JSON.stringify(said.json, null, 2)] : said.lines
    stdout.write(lines.map((line) => `${line}\n`).join(''))
    stderr.write(said.hints.map((line) => `${line}\n`).join(''))
  } finally {
    await databases.close()
  }
}

/** Codes are for programs: they come first. */
const reasonOf = (error: unknown): string =>
  error instanceof UserErrors
    ? error.errors.map(({ code, message }) => `${code}: ${message}`).join(' ')
    : error instanceof Error
      ? error.message
      : String(error)
