import { people, products } from './names.ts'
import { between, createRandom, pick, type Random } from './random.ts'
import type { AgentRecord, CustomerRecord, NotificationRecord, OrderRecord, TicketRecord } from './records.ts'
import { seedTicket } from './seed-ticket.ts'
import { topics } from './topics.ts'
import { createWorld, meId, type World } from './world.ts'

const dayMs = 86_400_000
const ticketCount = 40
const firstNumber = 1_001

const agents = (): AgentRecord[] =>
  (
    [
      ['Maya Lindqvist', 'ADMIN', 'ONLINE', ['refund', 'payment']],
      ['Sam Ortega', 'TEAM_LEAD', 'ONLINE', ['shipping', 'returns']],
      ['Ines Weber', 'SENIOR_AGENT', 'BUSY', ['damaged', 'german']],
      ['Theo Grant', 'AGENT', 'AWAY', ['products']],
    ] as const
  ).map(([name, role, status, skills], index) => ({
    id: index === 0 ? meId : `demo-agent-${index + 1}`,
    name,
    email: `${name.split(' ')[0]?.toLowerCase()}@local.example`,
    role,
    status,
    acceptsNewTickets: status !== 'AWAY',
    capacity: 12,
    skills: [...skills],
  }))

/** The demo's world: the same for the same seed, relative to now. */
export function seedWorld(seed = 7, now: () => number = Date.now): World {
  const random = createRandom(seed)
  const at = now()
  const team = agents()
  const customers = people.map((_, index) => seedCustomer(random, index, at))
  const tickets = Array.from({ length: ticketCount }, (_, index): TicketRecord => {
    const customer = customers[index % customers.length] as CustomerRecord
    const topic = topics[(index * 5 + Math.floor(index / customers.length) * 3) % topics.length] ?? pick(random, topics)
    return seedTicket(random, { number: firstNumber + index, customer, topic, agents: team, now: at })
  })
  return createWorld({
    agents: team,
    customers,
    tickets,
    now,
    notifications: seedNotifications(tickets, at),
    topicAlerts: [{ id: 'demo-alert-1', keywords: ['dispute'], scope: 'TEAM' }],
  })
}

function seedCustomer(random: Random, index: number, now: number): CustomerRecord {
  const [name, locale, timeZone] = people[index] ?? people[0]
  const orders = Array.from({ length: between(random, 1, 7) }, (_, order) => seedOrder(random, { index, order, now }))
  const spent = orders.reduce(
    (sum, { items }) => sum + items.reduce((all, one) => all + one.price * one.quantity, 0),
    0,
  )
  const plain = name.normalize('NFD').replace(/[^a-zA-Z ]/g, '')
  return {
    id: `demo-customer-${index + 1}`,
    name,
    email: `${plain.toLowerCase().replaceAll(' ', '.')}@customers.example`,
    phone: index % 3 === 0 ? `+1 555 01${String(index).padStart(2, '0')}` : null,
    locale,
    timeZone,
    tags: index % 6 === 0 ? ['newsletter'] : [],
    isVip: index % 8 === 0,
    createdAt: now - between(random, 200, 900) * dayMs,
    orders: orders.toSorted((a, b) => b.placedAt - a.placedAt),
    churn: Math.round((0.08 + random() * 0.8) * 100) / 100,
    ltv: Math.round(spent * (0.4 + random())),
    seed: between(random, 1, 1_000_000),
  }
}

function seedOrder(random: Random, { index, order, now }: { index: number; order: number; now: number }): OrderRecord {
  const days = 3 + order * between(random, 24, 70)
  const status = order === 0 ? pick(random, ['PAID', 'FULFILLED', 'DELIVERED'] as const) : 'DELIVERED'
  return {
    id: `demo-order-${index}-${order}`,
    externalId: `#${10_001 + 30 * index + order}`,
    placedAt: now - days * dayMs,
    status: order > 0 && random() < 0.12 ? 'RETURNED' : status,
    items: Array.from({ length: between(random, 1, 3) }, () => ({
      ...pick(random, products),
      quantity: between(random, 1, 2),
    })),
  }
}

function seedNotifications(tickets: readonly TicketRecord[], now: number): NotificationRecord[] {
  const [one, two, three] = tickets
  if (!one || !two || !three) return []
  const minute = 60_000
  const made = [
    ['MENTION', `Sam Ortega mentioned you in #${one.number}.`, one, 4 * minute, false],
    ['SLA_WARNING', `The first response to #${two.number} is due soon.`, two, 11 * minute, false],
    ['ASSIGNED', `#${three.number} was assigned to you.`, three, 95 * minute, true],
  ] as const
  return made.map(([kind, text, ticket, ago, isRead], index) => ({
    id: `demo-notification-${index + 1}`,
    kind,
    text,
    ticketId: ticket.id,
    createdAt: now - ago,
    readAt: isRead ? now - ago / 2 : null,
  }))
}
