// Writes what is generated and not committed: the database clients (Prisma) and the resolvers' types (graphql-codegen).
import { spawn } from 'node:child_process'
import { root } from './lib/root.ts'

/** Runs a generator; rejects with everything it said when it fails. */
function run(script: string, args: string[], env: Record<string, string> = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`node_modules/${script}`, ...args], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`${script} ${args.join(' ')} failed:\n${output.trim()}`))
    })
  })
}

const prisma = (service: string) =>
  run('prisma/build/index.js', ['generate', '--no-hints'], {
    PRISMA_SERVICE: service,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
    // Generating needs no schema engine; naming any file keeps Prisma from downloading one.
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  })

if (process.argv.includes('--help')) {
  process.stdout.write('npm run codegen: writes the database clients and the types of the resolvers; --help: this.\n')
  process.exit()
}

const results = await Promise.allSettled([
  prisma('support'),
  prisma('intelligence'),
  run('@graphql-codegen/cli/esm/bin.js', ['--config', 'codegen.ts']),
])
const failures = results.filter((result) => result.status === 'rejected')
for (const { reason } of failures) console.error(reason instanceof Error ? reason.message : String(reason))
if (failures.length > 0) process.exitCode = 1
