import type { QueryPlanSelectionNode } from '@apollo/query-planner'
import { isObjectType, type GraphQLSchema } from 'graphql'
import { isEntity, merge, type Entity } from './entities.ts'
import { typeCondition } from './type-conditions.ts'

/** What a subgraph is told of an entity; null where the entity lacks a field of it, or is of another type. */
export type Represent = (entity: Entity) => Entity | null

/** Compiles the `requires` of an entity fetch. */
export function compileRequires(schema: GraphQLSchema, requires: readonly QueryPlanSelectionNode[]): Represent {
  const simple = writtenOut(schema, requires)
  if (simple) return simple
  const pick = compileSelections(schema, requires)
  return (entity) => {
    const representation = pick(entity)
    return representation?.['__typename'] ? representation : null
  }
}

/** The usual case, plain fields of object types, as a function that names them; null for any other. Names of GraphQL are safe to write. */
function writtenOut(schema: GraphQLSchema, requires: readonly QueryPlanSelectionNode[]): Represent | null {
  const cases = new Map<string, string>()
  for (const selection of requires) {
    if (selection.kind === 'Field' || !selection.typeCondition || cases.has(selection.typeCondition)) return null
    const { typeCondition, selections } = selection
    const names = new Set<string>()
    for (const field of selections) {
      if (field.kind !== 'Field' || field.selections) return null
      names.add(field.alias ?? field.name)
    }
    if (!isObjectType(schema.getType(typeCondition)) || !names.has('__typename')) return null
    const missing = [...names].map((name) => `e.${name} === undefined`).join(' || ')
    const members = [...names].map((name) => `${name}: e.${name}`).join(', ')
    cases.set(typeCondition, `case '${typeCondition}': return ${missing} ? null : { ${members} }`)
  }
  return new Function(
    'e',
    `switch (e.__typename) { ${[...cases.values()].join('; ')}; default: return null }`,
  ) as Represent
}

/** What tells an entity from others of one fetch; undefined where only its whole representation does. */
export type KeyOf = (entity: Entity) => string | number | undefined

/**
 * The usual key, one plain field of one type, as itself: for a page of fifty tickets, 3 µs instead of 15 to write their customers’
 * representations out and compare them. Null for any other key.
 */
export function compileKey(requires: readonly QueryPlanSelectionNode[]): KeyOf | null {
  const [selection, ...others] = requires
  if (selection?.kind !== 'InlineFragment' || others.length > 0) return null
  const { typeCondition, selections } = selection
  const names = selections.flatMap((each) =>
    each.kind === 'Field' && !each.selections ? [each.alias ?? each.name] : [],
  )
  const [name, ...more] = names.filter((each) => each !== '__typename')
  if (!typeCondition || name === undefined || more.length > 0 || names.length !== selections.length) return null
  return (entity) => {
    const value = entity['__typename'] === typeCondition ? entity[name] : undefined
    return typeof value === 'string' || typeof value === 'number' ? value : undefined
  }
}

type Pick = (source: unknown) => Entity | null
/** Adds what it picks; false where it is missing. */
type Part = (source: Entity, picked: Entity) => boolean

function compileSelections(schema: GraphQLSchema, selections: readonly QueryPlanSelectionNode[]): Pick {
  const parts = selections.map((selection) => compilePart(schema, selection))
  return (source) => {
    if (!isEntity(source)) return null
    const picked: Entity = {}
    for (const part of parts) if (!part(source, picked)) return null
    return picked
  }
}

function compilePart(schema: GraphQLSchema, selection: QueryPlanSelectionNode): Part {
  if (selection.kind === 'Field') return fieldPart(schema, selection)
  if (!selection.typeCondition) return () => true
  const meets = typeCondition(schema, selection.typeCondition)
  const pick = compileSelections(schema, selection.selections)
  return (source, picked) => {
    const more = meets(source['__typename']) ? pick(source) : null
    if (more) merge(picked, more)
    return true
  }
}

function fieldPart(
  schema: GraphQLSchema,
  { alias, name, selections }: Extract<QueryPlanSelectionNode, { kind: 'Field' }>,
): Part {
  const key = alias ?? name
  const pick = selections && compileSelections(schema, selections)
  return (source, picked) => {
    const value = source[key]
    if (value === undefined) return false
    if (!pick) picked[key] = value
    else picked[key] = Array.isArray(value) ? value.map(pick) : pick(value)
    return true
  }
}
