import { newId } from '@quimbi/database/ids.ts'
import { refuse } from '@quimbi/service/errors.ts'
import { differences } from '@quimbi/service/field-changes.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { AutomationRule, Prisma } from '../../generated/prisma/client.ts'
import { need, needToRead } from '../agents/permissions.ts'
import { recordAudit } from '../audit/record.ts'
import { text } from '../common/text.ts'
import type { Db } from '../database.ts'
import { doerOf, type Doer } from '../log/actors.ts'
import { touchConfig } from '../tenants/config.ts'
import { checkActions, checkRuleConditions, type Action, type Trigger } from './language.ts'
import { checkTargets } from './targets.ts'

type Optional<T> = T | null | undefined

export type RuleInput = {
  id?: Optional<string>
  name: string
  order: number
  trigger: Trigger
  conditions: unknown
  actions: unknown
  isActive?: Optional<boolean>
}

/** A rule that is sound in itself. */
export type CheckedRule = {
  name: string
  order: number
  trigger: Trigger
  conditions: object
  actions: Action[]
  isActive: boolean
}

const mostRules = 100
const shown = ['name', 'order', 'trigger', 'conditions', 'actions', 'isActive'] as const
const at = (field: string): string[] => ['input', field]

/** The tenant's rules in the order in which they run. */
export async function listRules(db: Db, viewer: Viewer): Promise<AutomationRule[]> {
  needToRead(viewer, 'config:read')
  const { tenantId } = viewer
  return db.automationRule.findMany({ where: { tenantId }, orderBy: [{ order: 'asc' }, { id: 'asc' }] })
}

/** Checks a rule's language. UserErrors, each at the place that is wrong. */
export function checkRule(input: RuleInput): CheckedRule {
  const { order, trigger, conditions, actions, isActive } = input
  if (order < -1_000_000 || order > 1_000_000) refuse('INVALID', 'The order is within a million.', at('order'))
  return {
    name: text(input.name, { path: at('name'), max: 200 }),
    order,
    trigger,
    conditions: checkRuleConditions(conditions, trigger),
    actions: checkActions(actions),
    isActive: isActive ?? true,
  }
}

/** Adds a rule, or replaces one as a whole. It acts on what happens from now on. */
export async function saveRule(tx: Db, viewer: Viewer, input: RuleInput, now: Date): Promise<AutomationRule> {
  need(viewer, 'config:write')
  const { tenantId } = viewer
  const rule = checkRule(input)
  await checkTargets(tx, tenantId, rule.actions)
  // Holds off others who save, so that the limit counts all.
  await touchConfig(tx, tenantId)
  const before = input.id ? await findRule(tx, tenantId, input.id, at('id')) : null
  if (!before && (await tx.automationRule.count({ where: { tenantId } })) >= mostRules)
    refuse('LIMIT_EXCEEDED', `There are at most ${mostRules} rules.`)
  return writeRule(tx, { tenantId, who: doerOf(viewer), now }, rule, before)
}

type Call = { tenantId: string; who: Doer; now: Date }

/** Writes a checked rule, and who did. The caller has touched the configuration. */
export async function writeRule(
  tx: Db,
  { tenantId, who, now }: Call,
  { conditions, actions, ...rule }: CheckedRule,
  before: AutomationRule | null = null,
): Promise<AutomationRule> {
  const id = before?.id ?? newId()
  const data = {
    ...rule,
    conditions: conditions as Prisma.InputJsonObject,
    actions: actions as Prisma.InputJsonArray,
    updatedAt: now,
  }
  if (before) await tx.automationRule.updateMany({ where: { tenantId, id }, data })
  else await tx.automationRule.create({ data: { tenantId, id, createdAt: now, ...data } })
  const saved = await tx.automationRule.findFirstOrThrow({ where: { tenantId, id } })
  await recordAudit(tx, {
    tenantId,
    who,
    now,
    action: before ? 'automationRule.changed' : 'automationRule.created',
    subjectType: 'automationRule',
    subjectId: id,
    changes: differences<AutomationRule>(before ?? {}, saved, shown),
  })
  return saved
}

/** Removes a rule; what it did stays done. */
export async function deleteRule(tx: Db, viewer: Viewer, id: string, now: Date): Promise<{ deletedId: string }> {
  need(viewer, 'config:write')
  const { tenantId } = viewer
  await touchConfig(tx, tenantId)
  const rule = await findRule(tx, tenantId, id, at('id'))
  await tx.automationRule.deleteMany({ where: { tenantId, id: rule.id } })
  await recordAudit(tx, {
    tenantId,
    who: doerOf(viewer),
    now,
    action: 'automationRule.deleted',
    subjectType: 'automationRule',
    subjectId: rule.id,
    changes: differences<AutomationRule>(rule, {}, shown),
  })
  return { deletedId: rule.id }
}

async function findRule(tx: Db, tenantId: string, id: string, path: string[]): Promise<AutomationRule> {
  const rule = isUuid(id) ? await tx.automationRule.findFirst({ where: { tenantId, id } }) : null
  return rule ?? refuse('NOT_FOUND', 'There is no such rule.', path)
}
