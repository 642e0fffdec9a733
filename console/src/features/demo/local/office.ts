import { page } from './lists.ts'
import { slaPolicy } from './sla.ts'
import { viewAgent, viewTicket } from './view.ts'
import type { World } from './world.ts'

/** How the demo's business is set up: queues, teams, hours, rules. It can be looked at, not changed. */
export const queues = (world: World) =>
  (
    [
      ['demo-queue-1', 'Orders', 'Shipping, returns and damage'],
      ['demo-queue-2', 'Payments', 'Charges and refunds'],
      ['demo-queue-3', 'Products', 'Questions before and after'],
    ] as const
  ).map(([id, name, description], index) => {
    const own = world.tickets.filter(({ queueId }) => queueId === id)
    return {
      id,
      name,
      description,
      priorityOrder: index + 1,
      skills: [],
      team: null,
      openCount: own.filter(({ status }) => status === 'OPEN').length,
      tickets: (asked: object) =>
        page(
          own.map((ticket) => viewTicket(world, ticket)),
          asked,
        ),
    }
  })

export const teams = (world: World) => [
  { id: 'demo-team-1', name: 'Support', members: () => world.agents.map(({ id }) => viewAgent(world, id)) },
]

const everyDay = [0, 1, 2, 3, 4, 5, 6].map((weekday) => ({ weekday, opensAt: '00:00', closesAt: '24:00' }))

export const office = (world: World) => ({
  queues: () => queues(world),
  teams: () => teams(world),
  agents: (asked: object) =>
    page(
      world.agents.map(({ id }) => viewAgent(world, id)),
      asked,
    ),
  agent: ({ id }: { id: string }) => viewAgent(world, id),
  businessCalendars: [
    { id: 'demo-calendar-1', name: 'Around the clock', timeZone: 'UTC', weekly: everyDay, holidays: [] },
  ],
  slaPolicies: [slaPolicy()],
  automationRules: [
    {
      id: 'demo-rule-1',
      name: 'Tell the leads of broken promises',
      order: 1,
      isActive: true,
      trigger: 'SLA_BREACHED',
      conditions: { all: [] },
      actions: [{ type: 'notify', role: 'TEAM_LEAD' }],
      firedCount: 4,
      lastFiredAt: null,
    },
  ],
  policies: [
    {
      id: 'demo-policy-1',
      name: 'Broken on arrival',
      kind: 'RETURN',
      text: 'A replacement at once, nothing is to be sent back.',
      isActive: true,
      maxCompensation: null,
      maxDiscountPercent: 10,
    },
  ],
  apiKeys: [],
  webhookEndpoints: [],
  insightWebhooks: [],
  auditLog: () => page([]),
  jobs: [],
  drift: [],
  generationUsage: [],
})
