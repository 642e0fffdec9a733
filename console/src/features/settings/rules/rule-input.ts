import { draftOf, sentConditions, type Draft } from '../conditions/editor.tsx'
import { refused } from '../parts/form.ts'
import { draftsOf, sentActions, type ActionDraft } from './actions.ts'
import type { AutomationTrigger, SettingsRuleFragment } from './generated/Rules.ts'

/** A rule while it is edited. */
export type RuleValues = {
  name: string
  trigger: AutomationTrigger
  conditions: Draft
  actions: ActionDraft[]
  isActive: boolean
}

export type RuleInput = {
  id: string | null
  name: string
  order: number
  trigger: AutomationTrigger
  conditions: unknown
  actions: unknown
  isActive: boolean
}

export const ruleValues = (rule: SettingsRuleFragment | null): RuleValues => ({
  name: rule?.name ?? '',
  trigger: rule?.trigger ?? 'TICKET_CREATED',
  conditions: draftOf(rule?.conditions ?? {}),
  actions: draftsOf(rule?.actions),
  // A new one waits until it was tried.
  isActive: rule?.isActive ?? false,
})

export const inputOfValues = (
  { conditions, actions, ...values }: RuleValues,
  { id, order }: { id: string | null; order: number },
): RuleInput => ({
  id,
  order,
  ...values,
  conditions: sentConditions(conditions),
  actions: sentActions(actions),
})

/** A rule as it is, to be saved with a change. */
export const inputOfRule = (rule: SettingsRuleFragment): RuleInput => {
  const { id, name, order, trigger, conditions, actions, isActive } = rule
  return { id, name, order, trigger, conditions, actions, isActive }
}

export function wrongInRule({ name, trigger, conditions, actions }: RuleValues) {
  const says = conditions.kind === 'list' ? conditions.rows.map(({ leaf }) => leaf) : []
  const isTimeSaid = says.some(
    ({ field, op, value }) => field === 'secondsInState' && op === 'gte' && value !== undefined,
  )
  return [
    ...(name.trim() === '' ? [refused('name', 'A name is needed.')] : []),
    ...(sentConditions(conditions) === null ? [refused('conditions', 'This is no JSON.')] : []),
    ...(trigger === 'TIME_IN_STATE' && conditions.kind === 'list' && !isTimeSaid
      ? [refused('conditions', 'Say for how long: “Time in its state is at least …”.')]
      : []),
    ...(actions.length === 0 ? [refused('actions', 'A rule does at least one thing.')] : []),
  ]
}
