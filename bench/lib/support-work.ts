// A working day's mutations of Support, and the fifty who make them.
import { setTimeout } from 'node:timers/promises'
import { between, createRandom, pick, type Random } from '@quimbi/service/random.ts'
import { cpuMicros } from './cpu.ts'
import type { World } from './support-world.ts'

export const writers = 50

/** Sends a mutation; throws its refusal. */
export type Ask = (token: string, query: string, input: object) => Promise<void>
type Kind = { name: string; weight: number; run(ask: Ask, world: World, random: Random, serial: number): Promise<void> }

const mutation = (name: string, input: string, fields: string) =>
  `mutation ($input: ${input}!) { ${name}(input: $input) { ${fields} userErrors { code message } } }`
const ticketFields = 'ticket { id status updatedAt }'
const any = <T>(random: Random, values: readonly T[]): T => pick(random, values as readonly [T, ...T[]])

/** A working day's mix: mostly talk, then what goes with it. */
export const kinds: Kind[] = [
  {
    name: 'sendMessage',
    weight: 30,
    run: (ask, { tokens, ticketIds }, random, serial) =>
      ask(any(random, tokens), mutation('sendMessage', 'SendMessageInput', 'message { id }'), {
        ticketId: any(random, ticketIds),
        content: 'It left our warehouse this morning and should be with you within two days.',
        idempotencyKey: `bench-${serial}`,
      }),
  },
  {
    name: 'receiveMessage',
    weight: 25,
    run: (ask, { tokens, ticketIds }, random, serial) =>
      ask(any(random, tokens), mutation('receiveMessage', 'ReceiveMessageInput', 'message { id }'), {
        ticketId: any(random, ticketIds),
        channel: 'EMAIL',
        content: 'Still nothing here. Can you check again, please?',
        externalId: `bench-${serial}`,
      }),
  },
  {
    name: 'createTicket',
    weight: 10,
    run: (ask, { tokens, customerIds }, random) =>
      ask(any(random, tokens), mutation('createTicket', 'CreateTicketInput', ticketFields), {
        customerId: any(random, customerIds),
        subject: 'Where is my order?',
        channel: 'EMAIL',
        initialMessage: 'I ordered over a week ago and the tracking page has not moved since Monday.',
      }),
  },
  {
    name: 'setTicketStatus',
    weight: 10,
    run: (ask, { tokens, ticketIds }, random) =>
      ask(any(random, tokens), mutation('setTicketStatus', 'SetTicketStatusInput', ticketFields), {
        id: any(random, ticketIds),
        ...(random() < 0.5 ? { status: 'OPEN' } : { status: 'PENDING', waitingOn: 'CUSTOMER' }),
      }),
  },
  {
    name: 'assignTicket',
    weight: 10,
    run: (ask, { tokens, ticketIds, agentIds }, random) =>
      ask(any(random, tokens), mutation('assignTicket', 'AssignTicketInput', ticketFields), {
        id: any(random, ticketIds),
        agentId: any(random, agentIds),
      }),
  },
  {
    name: 'tagTicket',
    weight: 5,
    run: (ask, { tokens, ticketIds }, random) =>
      ask(any(random, tokens), mutation('tagTicket', 'TagTicketInput', ticketFields), {
        id: any(random, ticketIds),
        tags: [`tag-${between(random, 1, 20)}`],
      }),
  },
  {
    name: 'updateTicket',
    weight: 5,
    run: (ask, { tokens, ticketIds }, random) =>
      ask(any(random, tokens), mutation('updateTicket', 'UpdateTicketInput', ticketFields), {
        id: any(random, ticketIds),
        priority: any(random, ['URGENT', 'HIGH', 'NORMAL', 'LOW']),
      }),
  },
  {
    name: 'addNote',
    weight: 5,
    run: (ask, { tokens, ticketIds }, random) =>
      ask(any(random, tokens), mutation('addNote', 'AddNoteInput', 'note { id }'), {
        ticketId: any(random, ticketIds),
        content: 'Asked the carrier for the trace.',
      }),
  },
]

let serial = 0

/** `rate`: mutations a second of all writers together; as many as they can unless given. */
export async function load(ask: Ask, world: World, seconds: number, rate?: number) {
  const samples: { name: string; ms: number }[] = []
  const total = kinds.reduce((sum, { weight }) => sum + weight, 0)
  const [began, cpu, own] = [performance.now(), cpuMicros(), process.cpuUsage()]
  const until = began + seconds * 1_000
  const lane = async (seed: number) => {
    const random = createRandom(seed)
    const everyMs = rate === undefined ? 0 : (writers / rate) * 1_000
    // Each begins somewhere in its own interval, and its next one is due an interval later, however long this one takes.
    for (let due = began + random() * everyMs; performance.now() < until; due += everyMs) {
      if (due > performance.now()) await setTimeout(due - performance.now())
      let at = random() * total
      const kind = kinds.find(({ weight }) => (at -= weight) < 0) ?? (kinds[0] as Kind)
      const start = rate === undefined ? performance.now() : due
      serial += 1
      await kind.run(ask, world, random, serial)
      samples.push({ name: kind.name, ms: performance.now() - start })
    }
  }
  const lanes = await Promise.allSettled(Array.from({ length: writers }, (_, index) => lane(index + 1)))
  for (const ended of lanes) if (ended.status === 'rejected') throw ended.reason
  const { user, system } = process.cpuUsage(own)
  const elapsed = (performance.now() - began) / 1_000
  return { samples, seconds: elapsed, cpuMicros: cpuMicros() - cpu, ownMicros: user + system }
}
