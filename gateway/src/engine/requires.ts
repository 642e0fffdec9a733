import type { QueryPlanSelectionNode } from '@apollo/query-planner'
import type { GraphQLSchema } from 'graphql'
import { isEntity, merge, type Entity } from './entities.ts'
import { typeCondition } from './type-conditions.ts'

/** What a subgraph is told of an entity; null where the entity lacks a field of it, or is of another type. */
export type Represent = (entity: Entity) => Entity | null

/** Compiles the `requires` of an entity fetch. */
export function compileRequires(schema: GraphQLSchema, requires: readonly QueryPlanSelectionNode[]): Represent {
  const pick = compileSelections(schema, requires)
  return (entity) => {
    const representation = pick(entity)
    return representation?.['__typename'] ? representation : null
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
