/** How a condition compares, as one chooses it: `missing` travels as `exists` with false. */
export const operators = [
  ...(['eq', 'neq', 'in', 'contains', 'gt', 'gte', 'lt', 'lte'] as const),
  ...(['exists', 'missing', 'changed', 'was'] as const),
] as const

export type Operator = (typeof operators)[number]

export type Leaf = { field: string; op: Operator; value?: unknown }

/** Conditions as one list, of which all or any must hold. */
export type Flat = { match: 'all' | 'any'; leaves: Leaf[] }

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Conditions as one list; null for those that lie deeper, which are edited as text. */
export function flatOf(conditions: unknown): Flat | null {
  if (!isObject(conditions)) return null
  if (Object.keys(conditions).length === 0) return { match: 'all', leaves: [] }
  if ('field' in conditions) {
    const leaf = leafOf(conditions)
    return leaf && { match: 'all', leaves: [leaf] }
  }
  const match = 'all' in conditions ? 'all' : 'any'
  const list = conditions[match]
  // An empty `any` never holds: no list says that.
  if (!Array.isArray(list) || (match === 'any' && list.length === 0)) return null
  const leaves = list.map(leafOf)
  return leaves.every((leaf) => leaf !== null) ? { match, leaves } : null
}

function leafOf(one: unknown): Leaf | null {
  if (!isObject(one) || typeof one['field'] !== 'string') return null
  const { field, op, value } = one
  if (op === 'exists') return { field, op: value === false ? 'missing' : 'exists' }
  if (op === 'changed') return value === false ? null : { field, op }
  return operators.some((known) => known === op) ? { field, op: op as Operator, value } : null
}

/** The list as it travels. */
export function conditionsOf({ match, leaves }: Flat): unknown {
  if (leaves.length === 0) return {}
  return { [match]: leaves.map(sent) }
}

function sent({ field, op, value }: Leaf): unknown {
  if (op === 'missing') return { field, op: 'exists', value: false }
  if (op === 'exists' || op === 'changed') return { field, op, value: true }
  return { field, op, value }
}
