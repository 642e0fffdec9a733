import { setTimeout as delay } from 'node:timers/promises'
import { createLiveClient } from '@quimbi/live/client.ts'
import { createProxy } from '@quimbi/live/test-proxy.ts'
import type { LiveClient } from '@quimbi/live/types.ts'
import { createRandom, type Random } from '@quimbi/service/random.ts'
import { filterOf, liveQuery, scopes, type LiveWorld, type Member, type Scope } from './live-world.ts'

export const disasters = ['sockets', 'frozen sockets', 'gateway', 'support', 'redis', 'postgres'] as const
export type Disaster = (typeof disasters)[number]

export type ChaosOptions = {
  seconds: number
  clients: number
  /** Clients that come again without saying where they were. */
  naive: number
  eventsPerSecond: number
  /** Milliseconds from the end of one disaster to the next. */
  quietMs: number
  seed: number
  log(line: string): void
}

type Follower = { scope: Scope; heard: string[]; live: LiveClient }

/** Kills what there is to kill while events are written, and counts what each client heard of the log in the end. */
export async function runChaos(world: LiveWorld, options: ChaosOptions) {
  const { seconds, clients, naive, log, quietMs } = options
  const proxy = await createProxy(() => Number(new URL(world.services.gateway.url).port))
  const random = createRandom(options.seed)
  const state = { isOver: false }
  let resyncs = 0
  const asOf = await askAsOf(world, world.members[0])
  const follow = (member: Member, isNaive: boolean): Follower => {
    const heard: string[] = []
    const live = createLiveClient({
      url: proxy.url,
      token: () => member.token,
      pingMs: 3_000,
      firstWaitMs: 100,
      mostWaitMs: 2_000,
    })
    live.subscribe(
      {
        query: liveQuery,
        variables: { filter: filterOf(member.scope) },
        ...(isNaive ? { cursorOf: null } : { after: asOf }),
      },
      {
        next: ({ data }) => void heard.push((data?.['inboxUpdated'] as { id: string } | null)?.id ?? ''),
        async resync() {
          if (isNaive) return null
          resyncs += 1
          return askAsOf(world, member)
        },
      },
    )
    return { scope: member.scope, heard, live }
  }
  const memberOf = (n: number) => world.members[n % world.members.length] as Member
  const careful = Array.from({ length: clients }, (_, n) => follow(memberOf(n), false))
  const careless = Array.from({ length: naive }, (_, n) => follow(memberOf(n), true))
  const everybody = [...careful, ...careless]
  try {
    const before = await world.head()
    await until(() => everybody.every(({ live }) => live.status.state === 'live'), 60_000)
    const writing = write(world, options.eventsPerSecond, state)
    const probing = probe(world, state)
    const kills = await rage(world, proxy, { random, until: Date.now() + seconds * 1_000, quietMs, log })
    state.isOver = true
    await writing
    const availability = await probing
    await delay(1_000)
    const expected = await world.expected(before)
    const isComplete = ({ heard, scope }: Follower) => new Set(heard).size >= expected[scope].length
    await until(() => careful.every(isComplete), 60_000).catch(() => log('not everything was heard within a minute'))
    const found = careful.map((one) => compare(one, expected[one.scope]))
    const sum = (of: (one: ReturnType<typeof compare>) => number) => found.reduce((all, one) => all + of(one), 0)
    return {
      seconds,
      availability,
      events: expected.lead.length,
      kills,
      lost: sum(({ lost }) => lost),
      duplicates: sum(({ duplicates }) => duplicates),
      outOfOrder: sum(({ outOfOrder }) => outOfOrder),
      resyncs,
      naiveLost: careless.reduce((all, one) => all + compare(one, expected[one.scope]).lost, 0),
    }
  } finally {
    state.isOver = true
    for (const { live } of everybody) live.close()
    await proxy.close()
  }
}

type Raging = { random: Random; until: number; quietMs: number; log(line: string): void }
type Proxy = Awaited<ReturnType<typeof createProxy>>

/** One disaster after the other, each kind once before any comes again, however long that takes. Returns how many there were. */
async function rage(world: LiveWorld, proxy: Proxy, { random, until: end, quietMs, log }: Raging): Promise<number> {
  let kills = 0
  for (let left: Disaster[] = [...disasters]; Date.now() < end || left.length > 0; kills += 1) {
    if (left.length === 0) left = [...disasters]
    const [disaster = 'sockets'] = left.splice(Math.floor(random() * left.length), 1)
    log(disaster)
    await befall(world, proxy, disaster, random)
    await delay(quietMs * (0.5 + random()))
  }
  return kills
}

async function befall(
  { services, redis, postgres }: LiveWorld,
  proxy: Proxy,
  disaster: Disaster,
  random: Random,
): Promise<void> {
  if (disaster === 'sockets') return proxy.cut(random())
  if (disaster === 'gateway' || disaster === 'support') return services[disaster].crash()
  if (disaster === 'redis') return redis.restart()
  if (disaster === 'postgres') return postgres.restart()
  proxy.freeze()
  await delay(4_000)
  // What was swallowed is gone: who has not noticed by now must not go on as if nothing had been.
  proxy.cut()
  proxy.thaw()
}

async function write(world: LiveWorld, perSecond: number, state: { isOver: boolean }): Promise<void> {
  const writing = new Set<Promise<unknown>>()
  for (let serial = 1; !state.isOver; serial += 1) {
    const one = world.write(serial, 'gateway').finally(() => writing.delete(one))
    writing.add(one)
    await delay(1_000 / perSecond)
  }
  await Promise.all(writing)
}

/** The share of questions, ten a second, that the gateway answered without an error. */
async function probe(world: LiveWorld, state: { isOver: boolean }): Promise<number> {
  let [asked, answered] = [0, 0]
  const asking = new Set<Promise<void>>()
  while (!state.isOver) {
    asked += 1
    const one: Promise<void> = askAsOf(world, world.members[0])
      .then(() => void (answered += 1))
      .catch(() => {})
      .finally(() => asking.delete(one))
    asking.add(one)
    await delay(100)
  }
  await Promise.all(asking)
  return Number((answered / asked).toFixed(4))
}

async function askAsOf({ services }: LiveWorld, member: Member | undefined): Promise<string> {
  const response = await fetch(`${services.gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${member?.token}`, connection: 'close' },
    body: JSON.stringify({ query: '{ inbox(first: 1) { asOf } }' }),
    signal: AbortSignal.timeout(3_000),
  })
  const { data } = (await response.json()) as { data?: { inbox?: { asOf?: string } } | null }
  if (!data?.inbox?.asOf) throw new Error('no answer')
  return data.inbox.asOf
}

function compare({ heard }: Follower, expected: readonly string[]) {
  const places = new Map(expected.map((id, at) => [id, at]))
  const seen = new Set(heard)
  return {
    lost: expected.filter((id) => !seen.has(id)).length,
    duplicates: heard.length - seen.size,
    outOfOrder: heard.filter((id, at) => at > 0 && (places.get(id) ?? -1) < (places.get(heard[at - 1] ?? '') ?? -1))
      .length,
  }
}

async function until(check: () => boolean, withinMs: number): Promise<void> {
  for (const deadline = Date.now() + withinMs; !check(); await delay(50))
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms`)
}

/** How many agents it takes to have every scope, at thirty sockets each. */
export const agentsFor = (clients: number): number =>
  scopes.length * Math.max(1, Math.ceil(clients / scopes.length / 25))
