import { between, createRandom, pick, type Random } from '@quimbi/service/random.ts'
import type { CustomerRecord } from '../customers/import.ts'
import type { MessageRecord } from '../tickets/record-said.ts'
import type { TicketRecord } from '../tickets/record.ts'
import { conversations, type Conversation } from './conversations.ts'
import { firstNames, lastNames } from './names.ts'

/** The shop whose customers and orders the demo shows. */
export const demoSource = 'demo-shop'
export const demoCustomerCount = 160
const ticketCount = 120
const hourMs = 3_600_000

export type Person = { externalId: string; name: string; email: string }

/** The demo's customers: the same for every seed of the same size. */
export function demoPeople(random: Random): Person[] {
  return Array.from({ length: demoCustomerCount }, (_, index) => {
    const name = `${pick(random, firstNames)} ${pick(random, lastNames)}`
    const plain = name
      .normalize('NFD')
      .replace(/[^\p{L} ]/gu, '')
      .toLowerCase()
      .replaceAll(' ', '.')
    return { externalId: `C-${1001 + index}`, name, email: `${plain}${index + 1}@customers.example` }
  })
}

/** The demo's world as records, relative to `now`. Pure: the same seed and instant give the same world. */
export function demoWorld(seed: number, now: Date, agentEmails: readonly [string, ...string[]]) {
  const random = createRandom(seed)
  const people = demoPeople(random)
  const customers: CustomerRecord[] = people.map(({ externalId, name, email }, index) => ({
    name,
    email,
    phone: index % 3 === 0 ? `+1 555 01${String(index).padStart(2, '0')}` : null,
    locale: pick(random, ['en', 'en', 'en-GB', 'fr', 'de']),
    timeZone: pick(random, ['America/New_York', 'Europe/London', 'Europe/Paris', 'Europe/Berlin']),
    tags: index % 20 === 0 ? ['newsletter'] : [],
    isVip: index % 25 === 0,
    createdAt: new Date(now.getTime() - between(random, 30, 700) * 24 * hourMs),
    externalRefs: [{ source: demoSource, id: externalId }],
  }))
  const tickets = Array.from({ length: ticketCount }, (_, index) =>
    ticketOf(random, {
      index,
      now,
      agentEmails,
      person: people[between(random, 0, people.length - 1)] ?? (people[0] as Person),
    }),
  )
  return { customers, tickets }
}

/** The shop numbers each customer's orders in a row of thirty, the newest first; Intelligence's demo orders are numbered so. */
const newestOrderOf = ({ externalId }: Person): string => `#${10_001 + 30 * (Number(externalId.slice(2)) - 1001)}`

type Place = { index: number; now: Date; person: Person; agentEmails: readonly [string, ...string[]] }

function ticketOf(random: Random, { index, now, person, agentEmails }: Place): TicketRecord {
  const topic = pick(random, conversations)
  const order = newestOrderOf(person)
  const fill = (text: string) => text.replaceAll('{order}', order)
  const createdAt = new Date(now.getTime() - between(random, 1, 240) * hourMs)
  const state = random()
  const status = state < 0.65 ? 'OPEN' : state < 0.8 ? 'PENDING' : 'CLOSED'
  const answered = status !== 'OPEN' || random() < 0.3
  const messages = [
    { fromAgent: false, authorName: person.name, authorEmail: person.email, content: fill(topic.customer), createdAt },
    ...(answered ? replies(random, { topic, fill, person, createdAt, reopened: status === 'OPEN' }) : []),
  ]
  const updatedAt = messages.at(-1)?.createdAt ?? createdAt
  return {
    externalRef: { source: demoSource, id: `T-${index + 1}` },
    subject: fill(topic.subject),
    status,
    waitingOn: status === 'PENDING' ? 'CUSTOMER' : null,
    priority: topic.priority,
    channel: pick(random, ['EMAIL', 'EMAIL', 'CHAT', 'SMS', 'FORM']),
    tags: topic.tags,
    customer: { source: demoSource, externalId: person.externalId },
    assigneeEmail: answered ? pick(random, agentEmails) : null,
    isDemo: true,
    createdAt,
    updatedAt,
    closedAt: status === 'CLOSED' ? updatedAt : null,
    messages,
  }
}

type Said = { topic: Conversation; fill: (text: string) => string; person: Person; createdAt: Date; reopened: boolean }

function replies(random: Random, { topic, fill, person, createdAt, reopened }: Said): MessageRecord[] {
  const at = (minutes: number) => new Date(createdAt.getTime() + minutes * 60_000)
  const first = between(random, 5, 50)
  const answer = {
    fromAgent: true,
    authorName: 'Quimbi Home support',
    content: fill(topic.agent),
    createdAt: at(first),
  }
  if (!reopened) return [answer]
  const content = fill(
    topic.followUp ?? 'Thanks for the quick answer. One more question: will I get a confirmation by e-mail?',
  )
  return [
    answer,
    { fromAgent: false, authorName: person.name, authorEmail: person.email, content, createdAt: at(first + 5) },
  ]
}
