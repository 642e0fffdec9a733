import type { ResponsePath } from '@apollo/query-planner'
import type { Paths } from './branches.ts'
import { malformed } from './errors.ts'

/** An object of an answer, or of the answers merged so far. */
export type Entity = Record<string, unknown>

export const isEntity = (value: unknown): value is Entity =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether a name would reach what every object has. No operation that uses such a name is compiled. */
export const isInherited = (name: string): boolean => name in Object.prototype

/** Whether an object that is known to be of one type stays of it where another is told. */
export type KeepsType = (known: unknown, told: unknown) => boolean

const never: KeepsType = () => false

/** Writes what a subgraph answered into what is there: objects and lists of one length merge, all else replaces. Throws where an object meets a plain value. */
export function merge(target: Entity, source: Entity, keepsType = never): void {
  for (const key of Object.keys(source)) mergeField(target, key, source[key], keepsType)
}

/** The same for one field. */
export function mergeField(target: Entity, key: string, value: unknown, keepsType = never): void {
  if (value === undefined) return
  const known = target[key]
  if (known === undefined) target[key] = value
  else if (key === '__typename' && (known === value || keepsType(known, value))) return
  // A subgraph may send `__proto__` or `constructor`: they are names like others, and reach nothing.
  else if (isInherited(key) && !Object.hasOwn(target, key))
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
  else if (known && isEntity(value)) merge(objectOf(known), value, keepsType)
  else if (Array.isArray(known) && Array.isArray(value) && known.length === value.length)
    mergeLists(known, value, keepsType)
  else target[key] = value
}

function objectOf(known: unknown): Entity {
  if (typeof known === 'object' && known !== null) return known as Entity
  throw malformed('an object where another answer has a plain value')
}

function mergeLists(target: unknown[], source: readonly unknown[], keepsType: KeepsType): void {
  for (const [index, value] of source.entries()) {
    const known = target[index]
    if (isEntity(known) && isEntity(value)) merge(known, value, keepsType)
    else if (Array.isArray(known) && Array.isArray(value) && known.length === value.length)
      mergeLists(known, value, keepsType)
    else target[index] = value
  }
}

/** A copy of JSON. What is merged into one place must not show at another. */
export function copy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copy) as T
  if (!isEntity(value)) return value
  const copied: Entity = { ...value }
  for (const key in copied) if (typeof copied[key] === 'object') copied[key] = copy(copied[key])
  return copied as typeof value
}

/** Whether an object has nothing in it that could be changed. */
export function isFlat(entity: Entity): boolean {
  for (const key in entity) if (typeof entity[key] === 'object' && entity[key] !== null) return false
  return true
}

/** The answer to a question about so many entities, as many as were asked about. */
export function entitiesOf(data: Entity, count: number): unknown[] {
  const entities = data['_entities']
  if (Array.isArray(entities) && entities.length === count) return entities
  throw malformed(`something else than ${count} entities`)
}

/**
 * Finds the objects at paths of the plan, where `@` stands for every element of a list; what is null or no object is left out. Written out step by
 * step, as it is done for each fetch. Steps are names of GraphQL, so they are safe to write.
 */
export function compilePaths(paths: Paths): (root: Entity) => Entity[] {
  const walks = paths.map((path) => {
    const walk = path.reduceRight(
      (inner, step, at) => {
        const [from, to] = [`v${at}`, `v${at + 1}`]
        if (step === '@') return `if (Array.isArray(${from})) for (const ${to} of ${from}) { ${inner} }`
        return `if (isEntity(${from})) { const ${to} = ${from}.${step}; ${inner} }`
      },
      endOf(`v${path.length}`),
    )
    return `{ const v0 = root; ${walk} }`
  })
  const body = `return (root) => { const found = []; ${walks.join(' ')} return found }`
  return new Function('isEntity', body)(isEntity) as ReturnType<typeof compilePaths>
}

const endOf = (value: string) =>
  `if (isEntity(${value})) found.push(${value}); else if (Array.isArray(${value})) for (const each of ${value}) if (isEntity(each)) found.push(each)`

/** Where each of those objects stands in the answer: at several places, if it is shared. */
export function pathsAt(root: Entity, paths: Paths): Map<Entity, ResponsePath[]> {
  const found = new Map<Entity, ResponsePath[]>()
  const walk = (value: unknown, path: readonly string[], depth: number, at: ResponsePath): void => {
    const step = path[depth]
    if (Array.isArray(value) && (step === undefined || step === '@'))
      for (const [index, element] of value.entries())
        walk(element, path, step === undefined ? depth : depth + 1, [...at, index])
    else if (!isEntity(value)) return
    else if (step === undefined) found.set(value, [...(found.get(value) ?? []), at])
    else if (step !== '@') walk(value[step], path, depth + 1, [...at, step])
  }
  for (const path of paths) walk(root, path, 0, [])
  return found
}
