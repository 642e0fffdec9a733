import { formatDateTime } from '../../../shared/format.ts'
import { durationText } from '../parts/duration.ts'
import type { ConditionField } from './fields.ts'
import { flatOf, type Leaf, type Operator } from './model.ts'

/** How operators are said. */
export const operatorWords = (op: Operator, { kind }: ConditionField): string => {
  if (kind === 'labels' && op === 'contains') return 'include'
  if (kind === 'labels' && op === 'in') return 'include one of'
  if (kind === 'instant' && op === 'gt') return 'is after'
  if (kind === 'instant' && op === 'lt') return 'is before'
  return said[op]
}

const said: Record<Operator, string> = {
  eq: 'is',
  neq: 'is not',
  in: 'is one of',
  contains: 'contains',
  gt: 'is more than',
  gte: 'is at least',
  lt: 'is less than',
  lte: 'is at most',
  exists: 'is set',
  missing: 'is not set',
  changed: 'changed',
  was: 'was',
}

/** "Priority is Urgent and Tags include refund". */
export function conditionWords(conditions: unknown, fields: readonly ConditionField[]): string {
  const flat = flatOf(conditions)
  if (flat === null) return 'conditions of its own'
  if (flat.leaves.length === 0) return ''
  return flat.leaves.map((leaf) => leafWords(leaf, fields)).join(flat.match === 'all' ? ' and ' : ' or ')
}

function leafWords({ field: name, op, value }: Leaf, fields: readonly ConditionField[]): string {
  const field = fields.find((one) => one.name === name)
  if (!field) return `${name} ${said[op]} ${String(value ?? '')}`.trim()
  if (field.kind === 'boolean') return value === false ? `not: ${field.label}` : field.label
  const operator = operatorWords(op, field)
  if (op === 'exists' || op === 'missing' || op === 'changed') return `${field.label} ${operator}`
  const values = Array.isArray(value) ? value : [value]
  return `${field.label} ${operator} ${values.map((one) => valueWords(one, field)).join(', ')}`
}

function valueWords(value: unknown, { kind, choices }: ConditionField): string {
  const choice = choices?.find((one) => one.value === String(value))
  if (choice) return choice.label
  if (kind === 'duration' && typeof value === 'number') return durationText(value)
  if (kind === 'share' && typeof value === 'number') return `${Math.round(value * 100)} %`
  if (kind === 'instant' && typeof value === 'string') return formatDateTime(value)
  return kind === 'text' || kind === 'labels' ? `“${String(value)}”` : String(value)
}
