import type { FetchDataRewrite } from '@apollo/query-planner'
import type { GraphQLSchema } from 'graphql'
import { isEntity, type Entity } from './entities.ts'
import { typeCondition } from './type-conditions.ts'

/** Changes an object in place. */
export type Rewrite = (value: unknown) => void

const fragment = '... on '

/** What the planner asks to be changed in what is sent or received: aliases it made up, types of interface objects. */
export function compileRewrites(schema: GraphQLSchema, rewrites: readonly FetchDataRewrite[] = []): Rewrite | null {
  if (rewrites.length === 0) return null
  const compiled = rewrites.map((rewrite) => compileRewrite(schema, rewrite))
  return (value) => {
    for (const rewrite of compiled) rewrite(value)
  }
}

function compileRewrite(schema: GraphQLSchema, rewrite: FetchDataRewrite): Rewrite {
  const last = rewrite.path.at(-1)
  if (last === undefined) return () => {}
  const change = changeOf(rewrite, last)
  return rewrite.path
    .slice(0, -1)
    .reduceRight<Rewrite>((inner, step) => stepInto(schema, step, inner), eachObject(change))
}

function changeOf(rewrite: FetchDataRewrite, field: string): (object: Entity) => void {
  if (rewrite.kind === 'ValueSetter') {
    const value: unknown = rewrite.setValueTo
    return (object) => void (object[field] = value)
  }
  return (object) => {
    // Apollo’s executor renames only what is truthy, and so loses 0, false and the empty text.
    if (object[field] === undefined) return
    object[rewrite.renameKeyTo] = object[field]
    object[field] = undefined
  }
}

function stepInto(schema: GraphQLSchema, step: string, inner: Rewrite): Rewrite {
  if (!step.startsWith(fragment)) return eachObject((object) => inner(object[step]))
  const meets = typeCondition(schema, step.slice(fragment.length))
  // An object that does not tell its type is taken for one that is meant.
  return eachObject((object) => void ((!object['__typename'] || meets(object['__typename'])) && inner(object)))
}

function eachObject(change: (object: Entity) => void): Rewrite {
  return function visit(value) {
    if (Array.isArray(value)) value.forEach(visit)
    else if (isEntity(value)) change(value)
  }
}

/** What the planner's made-up aliases stand for, so that the path of an error reads as the client asked. */
export function renamesOf(rewrites: readonly FetchDataRewrite[] = []): ReadonlyMap<unknown, string> {
  return new Map(rewrites.flatMap((each) => (each.kind === 'KeyRenamer' ? [[each.path.at(-1), each.renameKeyTo]] : [])))
}
