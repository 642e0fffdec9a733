import type { Bus } from '@quimbi/events/bus.ts'
import { failure } from '@quimbi/events/failure.ts'
import { createLoop } from '@quimbi/events/loop.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import type { Background } from '@quimbi/subgraph/module.ts'
import type { SupportDatabase } from '../database.ts'
import { createLeadership } from './leadership.ts'
import { createSetAside } from './set-aside.ts'
import { dueTickets, soonestTimer, type DueTicket } from './store.ts'
import { changeDue } from './due.ts'

export type TimerOptions = {
  database: SupportDatabase
  bus: Bus
  /** The real one. */
  clock: Clock
  log: Logger
  batchSize?: number
  /** The longest sleep: whoever sets a timer may have died before saying so. */
  pollMs?: number
}

const channel = 'timers:support'
/** Commits that come close together wake once. */
const gatherMs = 100

/**
 * Does what comes by itself at its instant: SLA warnings and breaches, ends of snoozes, follow-ups, transfers that go back. One instance of
 * all leads, and sleeps until the soonest. Whoever leads, each fires once: what is due is looked at again under the ticket's lock, and
 * the transaction that writes the event moves the ticket's timer on.
 */
export function createTimers(options: TimerOptions): Background & { drain(): Promise<void> } {
  const { database, bus, clock, log, batchSize = 200, pollMs = 500 } = options
  const pool = database.systemPool
  const leadership = createLeadership(pool, 'quimbi:timers')
  const aside = createSetAside(clock)
  let isLeader = false
  let isStopping = false
  let alarm: NodeJS.Timeout | undefined
  let gathering: NodeJS.Timeout | undefined
  let ends: (() => void)[] = []

  const loop = createLoop({
    step,
    pollMs,
    maxBackOffMs: 5_000,
    onError: (error, failures) => {
      if (failures === 1) log.warn({ err: failure(error) }, 'timers could not be looked at; trying again')
    },
  })

  async function step(): Promise<void> {
    clearTimeout(alarm)
    const led = isLeader
    isLeader = await leadership.lead()
    if (!isLeader) return
    if (!led) log.info({}, 'this instance now minds the timers')
    try {
      const held = await fireAll(() => !isStopping)
      await sleepUntilSoonest([...aside.ids(), ...held])
    } catch (error) {
      leadership.resign()
      isLeader = false
      throw error
    }
  }

  /** Everything due now; those that somebody else holds are left, and named. */
  async function fireAll(isWanted: () => boolean): Promise<string[]> {
    const held: string[] = []
    const now = clock.now()
    while (isWanted()) {
      const due = await dueTickets(pool, { now, but: [...aside.ids(), ...held], limit: batchSize })
      for (const [tenantId, tickets] of Map.groupBy(due, (ticket) => ticket.tenantId))
        held.push(...(await fire(tenantId, tickets)))
      if (due.length < batchSize) break
    }
    return held
  }

  /** One transaction for them all; where it fails, one for each, so that the others are not kept waiting. Those that are held. */
  async function fire(tenantId: string, tickets: readonly DueTicket[]): Promise<string[]> {
    try {
      const { stuck, held } = await changeDue(database, { tenantId, tickets, now: clock.now() })
      for (const id of stuck) setAside(tenantId, id, new Error('The timer of the ticket did not move on.'))
      return held
    } catch (error) {
      const [only, ...others] = tickets
      if (only && others.length === 0) setAside(tenantId, only.id, error)
      if (others.length === 0) return []
      const held: string[] = []
      for (const ticket of tickets) held.push(...(await fire(tenantId, [ticket])))
      return held
    }
  }

  function setAside(tenantId: string, ticketId: string, error: unknown): void {
    const failures = aside.add(ticketId)
    log.error({ err: failure(error), tenantId, ticketId, failures }, 'the timer of a ticket failed; trying again later')
  }

  async function sleepUntilSoonest(but: readonly string[]): Promise<void> {
    const soonest = await soonestTimer(pool, but)
    const ms = soonest ? soonest.getTime() - clock.now().getTime() : pollMs
    if (ms < pollMs && !isStopping) alarm = setTimeout(() => loop.wake(), Math.max(1, ms))
  }

  function onCommit(): void {
    gathering ??= setTimeout(() => {
      gathering = undefined
      if (isLeader) loop.wake()
      else void bus.publish(channel)
    }, gatherMs)
  }

  return {
    name: 'timers',
    start() {
      if (ends.length > 0) return
      ends = [database.onCommit(onCommit), bus.subscribe(channel, () => void (isLeader && loop.wake()))]
      loop.start()
    },
    async drain() {
      await loop.exclusively(() => fireAll(() => true))
    },
    async stop() {
      isStopping = true
      for (const end of ends) end()
      clearTimeout(gathering)
      await loop.stop()
      clearTimeout(alarm)
      leadership.resign()
    },
  }
}
