import type { Db } from '../database.ts'
import { systemActor } from '../log/actors.ts'
import { touchConfig } from '../tenants/config.ts'
import { checkRule, writeRule, type RuleInput } from './service.ts'

const day = 86_400

/** Rules to begin with: ordinary ones, to be changed or removed as any other. */
export const builtInRules: readonly RuleInput[] = [
  {
    name: 'Churn prevention',
    order: 10,
    trigger: 'CHURN_RISK_ROSE',
    conditions: {
      all: [
        { field: 'churnRisk', op: 'gt', value: 0.8 },
        { field: 'escalationLevel', op: 'eq', value: 0 },
        { field: 'status', op: 'neq', value: 'CLOSED' },
      ],
    },
    actions: [{ escalate: { reason: 'The customer may leave: the risk rose over 80 %.', toSenior: true } }],
  },
  {
    name: 'SLA warning',
    order: 20,
    trigger: 'SLA_WARNING',
    conditions: {},
    actions: [{ notify: { role: 'TEAM_LEAD', text: 'A ticket is about to breach its SLA.' } }],
  },
  {
    name: 'Promise due',
    order: 30,
    trigger: 'TICKET_UPDATED',
    conditions: {
      all: [
        { field: 'event', op: 'eq', value: 'FOLLOW_UP_DUE' },
        { field: 'status', op: 'neq', value: 'CLOSED' },
      ],
    },
    actions: [{ status: { status: 'OPEN' } }, { tag: { tags: ['promise due'] } }],
  },
  {
    name: 'Close after silence',
    order: 40,
    trigger: 'TIME_IN_STATE',
    conditions: {
      all: [
        { field: 'secondsInState', op: 'gte', value: 14 * day },
        { field: 'status', op: 'eq', value: 'PENDING' },
        { field: 'waitingOn', op: 'eq', value: 'CUSTOMER' },
      ],
    },
    actions: [{ status: { status: 'CLOSED' } }],
  },
  {
    name: 'Assign on arrival',
    order: 50,
    trigger: 'TICKET_CREATED',
    conditions: {},
    actions: [{ assign: { strategy: 'BEST_FIT' } }],
    isActive: false,
  },
]

/** Gives a tenant the built-in rules that it has none of by name. Returns how many it added. */
export async function addBuiltInRules(tx: Db, tenantId: string, now: Date): Promise<number> {
  await touchConfig(tx, tenantId)
  const known = await tx.automationRule.findMany({ where: { tenantId }, select: { name: true } })
  const missing = builtInRules.filter(({ name }) => !known.some((rule) => rule.name === name))
  const call = { tenantId, who: { actor: systemActor('AUTOMATION', 'built in') }, now }
  for (const rule of missing) await writeRule(tx, call, checkRule(rule))
  return missing.length
}
