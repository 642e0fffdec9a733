import type { FormattedExecutionResult } from 'graphql'

/** Entities asked for once each. `places`: for every representation of the original, its index among the distinct ones. */
export type Deduplicated = { distinct: unknown[]; places: number[] }

/** Finds equal representations; null when there are none, so that nothing needs to be put back. */
export function deduplicate(representations: readonly unknown[]): Deduplicated | null {
  const indexOf = new Map<string, number>()
  const distinct: unknown[] = []
  const places = representations.map((representation) => {
    const key = JSON.stringify(representation)
    const known = indexOf.get(key)
    if (known !== undefined) return known
    indexOf.set(key, distinct.length)
    distinct.push(representation)
    return distinct.length - 1
  })
  return distinct.length === representations.length ? null : { distinct, places }
}

/** Gives every original place its entity, and each error of an entity to every place that it has. */
export function expand(result: FormattedExecutionResult, { places }: Deduplicated): FormattedExecutionResult {
  const entities = result.data?.['_entities']
  const expanded = Array.isArray(entities)
    ? // Copies: the executor writes what it merges into the entity, and two places merge on their own.
      places.map((place) => structuredClone(entities[place] as unknown))
    : entities
  const errors = result.errors?.flatMap((error) => {
    const [root, index, ...rest] = error.path ?? []
    if (root !== '_entities' || typeof index !== 'number') return [error]
    return places.flatMap((place, original) => (place === index ? [{ ...error, path: [root, original, ...rest] }] : []))
  })
  return {
    ...result,
    ...(result.data && { data: { ...result.data, _entities: expanded } }),
    ...(errors && { errors }),
  }
}
