// How fast the gateway answers, beside others: each as a process on the same core, on the same subgraphs, asked by turns.
import type { ChildProcess } from 'node:child_process'
import { isDeepStrictEqual } from 'node:util'
import type { BenchOptions, BenchResult, Figures } from './lib/contract.ts'
import { fuzz } from './lib/gateway-fuzz.ts'
import type { GraphName } from './lib/gateway-graphs.ts'
import { answerOf, load, type Gateway, type Round } from './lib/gateway-load.ts'
import { installPeers } from './lib/gateway-peers.ts'
import { startGraph, type Started } from './lib/gateway-start.ts'
import { works, type WorkName } from './lib/gateway-work.ts'
import { quantile } from './lib/quantile.ts'

/** What is asked of whom. Mercurius and a server without federation serve the support graph alone. */
const passes: { graph: GraphName; works: WorkName[]; ours: string[]; peers: string[] }[] = [
  {
    graph: 'support',
    works: ['inbox'],
    ours: ['stock', 'ours', 'single'],
    peers: ['hive js', 'hive native', 'mercurius'],
  },
  { graph: 'support', works: ['mixed', 'noDuplicates'], ours: ['stock', 'ours'], peers: [] },
  { graph: 'public', works: ['publicQuery'], ours: ['stock', 'ours'], peers: ['hive native'] },
]

type Measured = ReadonlyMap<string, readonly Round[]>

/** Ratios of requests a second, and of CPU a request, beside Apollo's own gateway and Hive's with its native planner. @public */
export async function run({ seconds, quick, log }: BenchOptions): Promise<BenchResult> {
  const rounds = quick ? 1 : 4
  const slices = passes.reduce((sum, { works, ours, peers }) => sum + works.length * (ours.length + peers.length), 0)
  // A round to warm up: compilers go on for thousands of requests.
  const slice = quick ? 0.5 : Math.max(1, (seconds ?? 360) / (slices * (rounds + 1)))
  const unavailable = quick ? 'left out of the short form' : await installPeers(log)
  if (unavailable) log(`without other gateways: ${unavailable}`)
  const measured = {} as Record<WorkName, Measured>
  for (const pass of passes) {
    const children: ChildProcess[] = []
    try {
      const started = await startGraph(pass.graph, { ...pass, peers: unavailable ? [] : pass.peers }, children)
      const gateways = await alike(started, pass.works, log)
      for (const name of pass.works) {
        log(`${works[name].name}: ${gateways.map((gateway) => gateway.name).join(', ')}`)
        for (const gateway of gateways) await load(gateway, works[name], slice)
        measured[name] = await alternate(gateways, name, rounds, slice)
      }
    } finally {
      for (const child of children) child.kill('SIGKILL')
    }
  }
  log('comparing answers with Apollo’s executor')
  return report(measured, await fuzz(quick ? 100 : 3_000))
}

/** A gateway that answers something else is not faster: one of others' is left out, ours may not. */
async function alike({ gateways, missing }: Started, names: readonly WorkName[], log: BenchOptions['log']) {
  const same: Gateway[] = []
  for (const gateway of gateways) {
    const reason = await differs(gateways[0] ?? gateway, gateway, names)
    if (!reason) same.push(gateway)
    else if (gateway.name === 'ours') throw new Error(reason)
    else missing.push(reason)
  }
  for (const reason of missing) log(`left out: ${reason}`)
  return same
}

async function differs(first: Gateway, gateway: Gateway, names: readonly WorkName[]): Promise<string | null> {
  for (const name of names) {
    const [expected, answer] = [await answerOf(first, works[name]), await answerOf(gateway, works[name])]
    if (!isDeepStrictEqual(expected, answer))
      return `${gateway.name} answers ${works[name].name} with ${JSON.stringify(answer).slice(0, 300)}`
  }
  return null
}

async function alternate(gateways: readonly Gateway[], name: WorkName, rounds: number, seconds: number) {
  const measured = new Map<string, Round[]>(gateways.map((gateway) => [gateway.name, []]))
  for (let round = 0; round < rounds; round += 1)
    for (const gateway of round % 2 ? gateways.toReversed() : gateways)
      measured.get(gateway.name)?.push(await load(gateway, works[name], seconds))
  return measured
}

const median = (rounds: readonly Round[], of: (round: Round) => number, digits = 2) =>
  quantile(rounds.map(of), 0.5, digits)

const rate = (rounds: readonly Round[]) => median(rounds, ({ requestsPerSecond }) => requestsPerSecond)
const cpu = (rounds: readonly Round[]) => median(rounds, ({ cpuMillis }) => cpuMillis, 3)

function report(measured: Record<WorkName, Measured>, compared: Figures): BenchResult {
  const rows = Object.entries(measured).flatMap(([work, of]) =>
    [...of].map(([gateway, rounds]) => [
      works[work as WorkName].name,
      gateway,
      Math.round(rate(rounds)),
      cpu(rounds),
      median(rounds, ({ p99Ms }) => p99Ms, 1),
      rounds.reduce((sum, { failed }) => sum + failed, 0),
    ]),
  )
  const figures = {
    ...ratios(measured.inbox, 'stock', 'VsStock'),
    ...ratios(measured.inbox, 'hive native', 'VsHiveNative'),
    p99Ms: median(measured.inbox.get('ours') ?? [], ({ p99Ms }) => p99Ms, 1),
    mixed: ratios(measured.mixed, 'stock', 'VsStock'),
    noDuplicates: ratios(measured.noDuplicates, 'stock', 'VsStock'),
    publicQuery: {
      ...ratios(measured.publicQuery, 'stock', 'VsStock'),
      ...ratios(measured.publicQuery, 'hive native', 'VsHiveNative'),
    },
    fuzz: compared,
  }
  const columns = ['work', 'gateway', 'requests/s', 'CPU ms/request', 'p99 ms', 'failed']
  return { table: { columns, rows }, figures }
}

/** How ours stands beside another; nothing where that was not measured. */
function ratios(measured: Measured, other: string, suffix: string): Figures {
  const [ours, theirs] = [measured.get('ours'), measured.get(other)]
  if (!ours || !theirs) return {}
  return {
    [`ratio${suffix}`]: round2(rate(ours) / rate(theirs)),
    [`cpuRatio${suffix}`]: round2(cpu(theirs) / cpu(ours)),
  }
}

const round2 = (value: number) => Number(value.toFixed(2))
