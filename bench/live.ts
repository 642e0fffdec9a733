// A thousand subscribers of the inbox behind the gateway, on real services: how soon they hear, and what it costs.
import { setTimeout as delay } from 'node:timers/promises'
import type { BenchOptions, BenchResult } from './lib/contract.ts'
import { cpuMicrosOf, metricOf, rssMiBOf } from './lib/live-processes.ts'
import type { Answers } from './lib/live-subscribers.ts'
import { openLiveWorld, type LiveWorld, type Member } from './lib/live-world.ts'
import { startSubscribers, type Subscribers } from './lib/subscribers.ts'

const eventsPerSecond = 20
/** Enough agents for a thousand sockets of thirty each. */
const fewAgents = 36
const writers = 8

type Sizes = { subscribers: number; pacedSeconds: number; burst: number; churn: number }

/** `p50Ms`, `p99Ms`: from the change (before its commit) to the subscriber. `restPerEvent`: how often other subgraphs are asked for an event, for all who subscribe to the same; `rssSlopeMiB`: of the gateway, over `churned` subscriptions that began and ended. @public */
export async function run({ seconds, quick, log }: BenchOptions): Promise<BenchResult> {
  const sizes: Sizes = quick
    ? { subscribers: 60, pacedSeconds: 2, burst: 50, churn: 1_000 }
    : {
        subscribers: 1_000,
        pacedSeconds: Math.min(60, Math.max(5, (seconds ?? 300) / 10)),
        burst: 200,
        churn: (seconds ?? 300) < 200 ? 20_000 : 100_000,
      }
  log(`${sizes.subscribers} subscribers of ${fewAgents} agents, and of as many agents as subscribers`)
  const world = await openLiveWorld({ agents: sizes.subscribers })
  try {
    const few = Array.from({ length: sizes.subscribers }, (_, n) => world.members[n % fewAgents] as Member)
    const shared = await measure(world, few, sizes, log)
    const distinct = await measure(world, world.members, { ...sizes, churn: 0 }, log)
    return {
      table: {
        columns: [
          'subscribers',
          'p50 ms',
          'p99 ms',
          'CPU µs/delivery',
          'deliveries/s',
          'rest/event',
          'lost',
          'duplicates',
        ],
        rows: [shared, distinct].map((one, at) => [
          at === 0 ? `${sizes.subscribers} of ${fewAgents} agents` : `${sizes.subscribers} of as many agents`,
          one.p50Ms,
          one.p99Ms,
          one.cpuMicrosPerDelivery,
          one.deliveriesPerSecond,
          one.restPerEvent,
          one.lost,
          one.duplicates,
        ]),
      },
      figures: { ...shared, eventsPerSecond, distinct },
    }
  } finally {
    await world.close()
  }
}

async function measure(world: LiveWorld, members: readonly Member[], sizes: Sizes, log: (line: string) => void) {
  const { gateway } = world.services
  const subscribers = await startSubscribers(gateway.url)
  const running = () => metricOf(gateway.url, 'quimbi_subscriptions', 'service="gateway"')
  try {
    const after = await world.head()
    await subscribers.ask({ ask: 'open', members: [...members] })
    await until(async () => (await running()) === members.length)
    await paced(world, 5) // what is compiled and connected once
    await settled(world, subscribers)
    log(`${eventsPerSecond} events a second`)
    await subscribers.ask({ ask: 'told' })
    await paced(world, sizes.pacedSeconds)
    const calm = await settled(world, subscribers)
    log(`${sizes.burst} events as fast as they go`)
    const full = await burst(world, subscribers, sizes.burst)
    const found = await subscribers.ask({ ask: 'compare', expected: await world.expected(after) })
    const churned = sizes.churn > 0 ? await memorySlope(world, subscribers, sizes.churn, log) : {}
    return {
      subscribers: members.length,
      p50Ms: calm.p50Ms,
      p99Ms: calm.p99Ms,
      ...full,
      ...found,
      ...churned,
    }
  } finally {
    subscribers.leave()
    await until(async () => (await running()) === 0)
  }
}

let serial = 0

async function paced(world: LiveWorld, seconds: number): Promise<void> {
  const writing: Promise<unknown>[] = []
  for (let n = 0; n < seconds * eventsPerSecond; n += 1) {
    writing.push(world.write((serial += 1)))
    await delay(1_000 / eventsPerSecond)
  }
  await Promise.all(writing)
}

/** As many events as the writers can commit; the gateway's own CPU for what is delivered of them. */
async function burst(world: LiveWorld, subscribers: Subscribers, events: number) {
  const { gateway } = world.services
  const restBefore = await restsOf(world)
  const headBefore = await world.head()
  await subscribers.ask({ ask: 'told' })
  const [cpu, began] = [cpuMicrosOf(gateway.pid), Date.now()]
  let left = events
  await Promise.all(
    Array.from({ length: writers }, async () => {
      while (left-- > 0) await world.write((serial += 1))
    }),
  )
  const { deliveries, lastAt } = await settled(world, subscribers)
  const spent = cpuMicrosOf(gateway.pid) - cpu
  // Two operations, by their variables: without a filter, and with one.
  const { lead, filter } = await world.expected(headBefore)
  return {
    cpuMicrosPerDelivery: Number((spent / deliveries).toFixed(1)),
    deliveriesPerSecond: Math.round(deliveries / ((lastAt - began) / 1_000)),
    restPerEvent: Number((((await restsOf(world)) - restBefore) / (lead.length + filter.length)).toFixed(2)),
  }
}

const restsOf = ({ services: { gateway } }: LiveWorld) => metricOf(gateway.url, 'quimbi_live_completions_total')

/** What was told since it was last asked, once nothing more comes. */
async function settled(world: LiveWorld, subscribers: Subscribers): Promise<Answers['told']> {
  await world.expected(0)
  const delivered = () => metricOf(world.services.gateway.url, 'quimbi_subscription_events_total', 'service="gateway"')
  for (let before = -1, now = await delivered(); now !== before; before = now, now = await delivered()) await delay(700)
  return subscribers.ask({ ask: 'told' })
}

/** Growth of the gateway's memory over the last four fifths of so many subscriptions, scaled to all of them; and how many of them it ended. */
async function memorySlope(world: LiveWorld, subscribers: Subscribers, count: number, log: (line: string) => void) {
  log(`${count.toLocaleString('en')} subscriptions that come and go`)
  const { pid, url } = world.services.gateway
  const ended = () => metricOf(url, 'quimbi_subscriptions_ended_total', 'service="gateway"')
  const endedBefore = await ended()
  const marks: number[] = []
  for (let fifth = 0; fifth < 5; fifth += 1) {
    const { failures } = await subscribers.ask({ ask: 'churn', count: count / 5 })
    if (failures.length > 0) log(`refused: ${failures[0]?.slice(0, 300)}`)
    marks.push(rssMiBOf(pid))
  }
  const [first = 0, last = 0] = [marks[0], marks.at(-1)]
  return { rssSlopeMiB: Number((((last - first) * 5) / 4).toFixed(1)), churned: (await ended()) - endedBefore }
}

async function until(check: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await delay(100)) if (await check()) return
  throw new Error('The subscribers did not all get in, or out, within two minutes')
}
