import { refuse } from '@quimbi/service/errors.ts'
import { z } from 'zod'

/**
 * What must hold: `{all: […]}`, `{any: […]}`, `{not: …}`, `{field, op, value}`, or `{}`, which always holds. `changed` and `was` look at the
 * value before; where nothing was before they do not hold.
 */
export type Condition =
  | Record<string, never>
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { field: string; op: Operator; value?: unknown }

/** What a field holds; a list of texts: one of these. `labels`: a list of texts of which none need be there. */
export type FieldKind = 'text' | 'number' | 'boolean' | 'labels' | 'instant' | readonly string[]
export type Fields = Readonly<Record<string, FieldKind>>

/** A thing as it is, and as it was before, by field. Instants in ISO form. Every field may be null. */
export type Subject = { is: Readonly<Record<string, unknown>>; was?: Readonly<Record<string, unknown>> | undefined }

const maxDepth = 10
const maxNodes = 100

const operators = ['eq', 'neq', 'in', 'contains', 'gt', 'gte', 'lt', 'lte', 'exists', 'changed', 'was'] as const
type Operator = (typeof operators)[number]

const node = z.union([
  z.strictObject({}),
  z.strictObject({ all: z.array(z.unknown()) }),
  z.strictObject({ any: z.array(z.unknown()) }),
  z.strictObject({ not: z.unknown() }),
  z.strictObject({ field: z.string().max(100), op: z.enum(operators), value: z.unknown().optional() }),
])

type Rules = { fields: Fields; path: string[]; past: boolean }

/** The condition, if it is one about these fields; else refuses it as INVALID. `past`: whether there is a value before. */
export function checkConditions(
  given: unknown,
  { fields, path, past = true }: Omit<Rules, 'past'> & { past?: boolean },
) {
  let nodes = 0
  const check = (value: unknown, depth: number): void => {
    nodes += 1
    if (depth > maxDepth) refuse('INVALID', `Conditions lie at most ${maxDepth} levels deep.`, path)
    if (nodes > maxNodes) refuse('INVALID', `There are at most ${maxNodes} conditions in one.`, path)
    const parsed = node.safeParse(value)
    if (!parsed.success)
      refuse('INVALID', 'A condition is {}, {all: […]}, {any: […]}, {not: …} or {field, op, value}.', path)
    const one = parsed.data
    if ('field' in one) checkLeaf(one as Leaf, { fields, path, past })
    else if ('not' in one) check(one.not, depth + 1)
    else if ('all' in one || 'any' in one) for (const each of 'all' in one ? one.all : one.any) check(each, depth + 1)
  }
  check(given, 1)
  return given as Condition
}

type Leaf = { field: string; op: Operator; value?: unknown }

function checkLeaf({ field, op, value }: Leaf, { fields, path, past }: Rules): void {
  const kind = Object.hasOwn(fields, field) ? fields[field] : undefined
  if (kind === undefined)
    return refuse('INVALID', `There is no field ${field}; there are: ${Object.keys(fields).join(', ')}.`, path)
  if (!past && (op === 'changed' || op === 'was'))
    refuse('INVALID', `${op} means nothing here: only the present counts.`, path)
  if (!operatorsOf(kind).includes(op)) refuse('INVALID', `${op} does not apply to ${field}.`, path)
  if (!isValue(kind, op, value)) refuse('INVALID', `The value of ${field} ${op} is not of its kind.`, path)
}

function operatorsOf(kind: FieldKind): readonly Operator[] {
  const always = ['exists', 'changed'] as const
  if (kind === 'labels') return ['contains', 'in', ...always]
  if (kind === 'boolean') return ['eq', 'neq', 'was', ...always]
  if (kind === 'text') return ['eq', 'neq', 'was', 'in', 'contains', ...always]
  if (kind === 'number' || kind === 'instant') return ['eq', 'neq', 'was', 'in', 'gt', 'gte', 'lt', 'lte', ...always]
  return ['eq', 'neq', 'was', 'in', ...always]
}

function isValue(kind: FieldKind, op: Operator, value: unknown): boolean {
  if (op === 'exists' || op === 'changed') return value === undefined || typeof value === 'boolean'
  if (op === 'in') return Array.isArray(value) && value.length > 0 && value.every((one) => isOf(kind, one))
  if (value === null) return op === 'eq' || op === 'neq' || op === 'was'
  return isOf(kind, value)
}

function isOf(kind: FieldKind, value: unknown): boolean {
  if (kind === 'number') return typeof value === 'number' && Number.isFinite(value)
  if (kind === 'boolean') return typeof value === 'boolean'
  if (kind === 'instant') return typeof value === 'string' && z.iso.datetime().safeParse(value).success
  return typeof value === 'string' && value !== '' && (typeof kind === 'string' || kind.includes(value))
}

/** Whether a checked condition holds. Pure. */
export function holds(condition: unknown, subject: Subject): boolean {
  const one = condition as Condition
  if ('all' in one) return (one.all as Condition[]).every((each) => holds(each, subject))
  if ('any' in one) return (one.any as Condition[]).some((each) => holds(each, subject))
  if ('not' in one) return !holds(one.not, subject)
  return 'field' in one ? leafHolds(one as Leaf, subject) : true
}

function leafHolds({ field, op, value }: Leaf, { is, was }: Subject): boolean {
  const now = is[field] ?? null
  const before = was?.[field] ?? null
  switch (op) {
    case 'eq':
      return isSame(now, value)
    case 'neq':
      return !isSame(now, value)
    case 'was':
      return was !== undefined && isSame(before, value)
    case 'changed':
      return was !== undefined && (JSON.stringify(now) !== JSON.stringify(before)) === (value ?? true)
    case 'exists':
      return (now !== null && !(Array.isArray(now) && now.length === 0)) === (value ?? true)
    case 'in':
      return listOf(now).some((one) => (value as unknown[]).some((wanted) => isSame(one, wanted)))
    case 'contains':
      return Array.isArray(now) ? now.includes(value) : textOf(now).includes(textOf(value))
    default:
      return compares(op, now, value)
  }
}

function compares(op: 'gt' | 'gte' | 'lt' | 'lte', now: unknown, value: unknown): boolean {
  const [a, b] = [measure(now), measure(value)]
  if (op === 'gt') return a > b
  if (op === 'gte') return a >= b
  return op === 'lt' ? a < b : a <= b
}

/** Instants by their time, whatever their fractions look like; what is not there compares with nothing. */
const measure = (value: unknown): number =>
  typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN
const isInstant = (value: unknown): value is string => typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)
const isSame = (a: unknown, b: unknown): boolean =>
  isInstant(a) && isInstant(b) ? measure(a) === measure(b) : a === (b ?? null)
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])
/** Texts are compared without regard to case. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value.toLowerCase() : '')
