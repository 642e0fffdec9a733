import type { AgentViewer, ServiceViewer } from '@quimbi/service/viewer.ts'
import { addBuiltInRules } from '../automation/built-in.ts'
import type { Db } from '../database.ts'
import { savePolicy, type PolicyInput } from '../policies/service.ts'
import { saveCalendar, savePolicy as saveSlaPolicy } from '../sla/service.ts'
import { saveTeam } from '../teams/service.ts'
import { saveEndpoint } from '../webhooks/service.ts'

/** The agents of the demo by e-mail address. */
export type DemoAgents = ReadonlyMap<string, AgentViewer>

const hour = 3_600
const day = 24 * hour

const policies: readonly PolicyInput[] = [
  { kind: 'REFUND', name: 'Refunds', text: 'Refund in full within 30 days of delivery. Later, offer store credit.' },
  { kind: 'RETURN', name: 'Returns', text: 'Returns are free for 30 days. Broken goods need not be sent back.' },
  { kind: 'SHIPPING', name: 'Shipping', text: 'A parcel without a scan for five working days is sent again.' },
  { kind: 'COMPENSATION', name: 'Goodwill', text: 'For trouble that was our fault.', maxCompensation: '25.00' },
  { kind: 'DISCOUNT', name: 'Discounts', text: 'To keep somebody who may leave.', maxDiscountPercent: 15 },
  { kind: 'TONE', name: 'Tone', text: 'Warm and plain. Say sorry once, then say what happens next.' },
]

const target = (
  metric: 'FIRST_RESPONSE' | 'REQUESTER_WAIT' | 'RESOLUTION',
  priority: string,
  seconds: number,
  businessHours: boolean,
) => ({
  ...{ metric, priority, seconds, businessHours, warnBeforeSeconds: Math.min(900, seconds / 4) },
})

/** Of a system that the shop used to have. Nothing is sent there. */
const webhook = {
  url: 'https://hooks.demo.example/quimbi',
  eventTypes: ['TICKET_CREATED', 'STATUS_CHANGED'],
  isActive: false,
}

/** Sets the office up as it has been since `since`: teams, opening hours, SLA targets, policies, built-in rules, a webhook switched off. */
export async function furnish(tx: Db, viewer: ServiceViewer, agents: DemoAgents, since: Date): Promise<void> {
  const ids = (...names: string[]) => names.flatMap((name) => agents.get(`${name}@demo.example`)?.agentId ?? [])
  await saveTeam(tx, viewer, { name: 'Care', memberIds: ids('maya', 'ravi', 'lucy') }, since)
  await saveTeam(tx, viewer, { name: 'Refunds', memberIds: ids('theo', 'ines') }, since)
  const weekly = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, opensAt: '09:00:00', closesAt: '18:00:00' }))
  const hours = { name: 'Office hours', timeZone: 'America/New_York', weekly, holidays: [] }
  const { id: calendarId } = await saveCalendar(tx, viewer, hours, since)
  const targets = [
    ...[target('FIRST_RESPONSE', 'URGENT', hour / 2, false), target('RESOLUTION', 'URGENT', 8 * hour, false)],
    ...[target('FIRST_RESPONSE', 'HIGH', hour, false), target('RESOLUTION', 'HIGH', day, true)],
    ...[target('FIRST_RESPONSE', 'NORMAL', 4 * hour, false), target('RESOLUTION', 'NORMAL', 3 * day, true)],
    target('REQUESTER_WAIT', 'NORMAL', day, true),
    target('FIRST_RESPONSE', 'LOW', day, true),
  ]
  await saveSlaPolicy(tx, viewer, { name: 'Standard', order: 1, conditions: {}, calendarId, targets }, since)
  for (const policy of policies) await savePolicy(tx, viewer, policy, since)
  await addBuiltInRules(tx, viewer.tenantId, since)
  await saveEndpoint(tx, viewer, webhook, { now: since, settings: {} })
}
