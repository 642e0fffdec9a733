// npm run bench -- NAME [--seconds N] [--quick]: prints a table and, last, one line of JSON.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import type { Benchmark } from './lib/contract.ts'
import { formatTable } from './lib/table.ts'

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'run.ts')
  .map((file) => file.slice(0, -'.ts'.length))
  .toSorted()

const help = `npm run bench -- NAME [--seconds N] [--quick]: prints a table and, last, one line of JSON.

  NAME          one of ${names.join(', ')}
  --seconds N   how long it measures, where it measures for a time
  --quick       less data and less time: it shows that the benchmark runs, its figures say nothing

docs/benchmarks.md says what each measures.
`

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      seconds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  })
  if (values.help) return void process.stdout.write(help)
  const [name = ''] = positionals
  if (!names.includes(name)) {
    throw new Error(
      `${name ? `There is no benchmark "${name}". ` : ''}npm run bench -- NAME, one of: ${names.join(', ')}`,
    )
  }
  const seconds = values.seconds === undefined ? null : Number(values.seconds)
  if (seconds !== null && !(seconds > 0)) throw new Error('--seconds is a number above 0.')
  const memory = Math.round(totalmem() / 2 ** 30)
  const log = (line: string) => void process.stderr.write(`${line}\n`)
  const { run, nodeFlags = [] } = (await import(`./${name}.ts`)) as Benchmark
  if (!nodeFlags.every((flag) => process.execArgv.includes(flag))) return again(nodeFlags)
  log(
    `${name} on Node ${process.versions.node}, ${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'CPU'}, ${memory} GiB`,
  )
  const { table, figures } = await run({ seconds, quick: values.quick, log })
  process.stdout.write(`${formatTable(table.columns, table.rows)}\n${JSON.stringify(figures)}\n`)
}

/** The same benchmark in a process with the flags that the measured program runs with. */
function again(flags: readonly string[]): void {
  const { status } = spawnSync(process.execPath, [...flags, ...process.argv.slice(1)], { stdio: 'inherit' })
  process.exitCode = status ?? 1
}

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
