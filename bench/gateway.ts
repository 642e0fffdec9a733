// How fast the gateway answers, beside Apollo's own: each as a process, on the same subgraphs, asked by turns.
import type { ChildProcess } from 'node:child_process'
import { isDeepStrictEqual } from 'node:util'
import type { BenchOptions, BenchResult, Figures } from './lib/contract.ts'
import { answerOf, forkTelling, load, type Gateway, type Round } from './lib/gateway-load.ts'
import { subgraphNames, works, type SubgraphName, type WorkName } from './lib/gateway-work.ts'
import { quantile } from './lib/quantile.ts'

const subgraphFile = new URL('./lib/gateway-subgraph.ts', import.meta.url)
const variantsFile = new URL('./lib/gateway-variants.ts', import.meta.url)

/** The first is what the others are measured against. */
const variants = ['stock', 'ours'] as const
type Variant = (typeof variants)[number]
type Measured = Record<Variant, Round[]>

/** `ratioVsStock` and `cpuRatioVsStock`: requests a second and CPU a request, beside Apollo's own gateway. @public */
export async function run({ seconds, quick, log }: BenchOptions): Promise<BenchResult> {
  const rounds = quick ? 1 : 4
  const names = Object.keys(works) as WorkName[]
  const slice = quick ? 1 : Math.max(1, (seconds ?? 100) / (rounds * variants.length * names.length + variants.length))
  const children: ChildProcess[] = []
  try {
    const gateways = await startAll(children)
    await assertAlike(gateways)
    log('warming up')
    for (const gateway of gateways) for (const name of names) await load(gateway, works[name], slice / 2)
    const measured = {} as Record<WorkName, Measured>
    for (const name of names) {
      log(works[name].name)
      measured[name] = await alternate(gateways, name, rounds, slice)
    }
    return report(measured)
  } finally {
    for (const child of children) child.kill()
  }
}

async function startAll(children: ChildProcess[]): Promise<Gateway[]> {
  const urls = {} as Record<SubgraphName, string>
  for (const name of subgraphNames) {
    const { child, told } = await forkTelling<{ port: number }>(subgraphFile, [name])
    children.push(child)
    urls[name] = `http://127.0.0.1:${told.port}`
  }
  const gateways: Gateway[] = []
  for (const name of variants) {
    const { child, told } = await forkTelling<{ url: string }>(variantsFile, [name, JSON.stringify(urls)])
    children.push(child)
    gateways.push({ name, url: told.url, child })
  }
  return gateways
}

/** A gateway that answers something else is not faster. */
async function assertAlike(gateways: readonly Gateway[]): Promise<void> {
  for (const work of Object.values(works)) {
    const [first, ...others] = await Promise.all(gateways.map((gateway) => answerOf(gateway, work)))
    if (others.some((other) => !isDeepStrictEqual(other, first)))
      throw new Error(`${work.name}: the gateways differ: ${JSON.stringify([first, ...others]).slice(0, 1_000)}`)
  }
}

async function alternate(gateways: readonly Gateway[], name: WorkName, rounds: number, seconds: number) {
  const measured: Measured = { stock: [], ours: [] }
  for (let round = 0; round < rounds; round += 1)
    for (const gateway of round % 2 ? gateways.toReversed() : gateways)
      measured[gateway.name as Variant].push(await load(gateway, works[name], seconds))
  return measured
}

const median = (rounds: readonly Round[], of: (round: Round) => number, digits = 2) =>
  quantile(rounds.map(of), 0.5, digits)

const rate = (rounds: readonly Round[]) => median(rounds, ({ requestsPerSecond }) => requestsPerSecond)
const cpu = (rounds: readonly Round[]) => median(rounds, ({ cpuMillis }) => cpuMillis, 3)

function report(measured: Record<WorkName, Measured>): BenchResult {
  const rows = Object.entries(measured).flatMap(([name, of]) =>
    variants.map((variant) => [
      works[name as WorkName].name,
      variant,
      Math.round(rate(of[variant])),
      cpu(of[variant]),
      median(of[variant], ({ p99Ms }) => p99Ms, 1),
      of[variant].reduce((sum, { failed }) => sum + failed, 0),
    ]),
  )
  const ratios = ({ stock, ours }: Measured): Figures => ({
    ratioVsStock: round2(rate(ours) / rate(stock)),
    cpuRatioVsStock: round2(cpu(stock) / cpu(ours)),
  })
  const figures = {
    ...ratios(measured.inbox),
    p99Ms: median(measured.inbox.ours, ({ p99Ms }) => p99Ms, 1),
    mixed: ratios(measured.mixed),
    noDuplicates: ratios(measured.noDuplicates),
  }
  const columns = ['work', 'gateway', 'requests/s', 'CPU ms/request', 'p99 ms', 'failed']
  return { table: { columns, rows }, figures }
}

const round2 = (value: number) => Number(value.toFixed(2))
