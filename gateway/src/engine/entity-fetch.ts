import type { GraphQLFormattedError, GraphQLSchema } from 'graphql'
import { ask, type Attempt, type Fetch, type Places } from './attempt.ts'
import { entitiesOf, isEntity, pathsAt, type Entity } from './entities.ts'
import { malformed } from './errors.ts'
import { compileKey, compileRequires, type KeyOf } from './requires.ts'
import { compileRewrites } from './rewrites.ts'
import type { Run } from './run.ts'

/** Asks about the entities that stand at the fetch's paths, about each once. */
export function entityFetch(schema: GraphQLSchema, fetch: Fetch): Attempt {
  const { node } = fetch
  const represent = compileRequires(schema, node.requires ?? [])
  const onSent = compileRewrites(schema, node.inputRewrites)
  const keyOf = onSent ? null : compileKey(node.requires ?? [])
  const prepare = (entity: Entity) => {
    const representation = represent(entity)
    if (representation) onSent?.(representation)
    return representation
  }
  return async (run) => {
    const asked = distinct(fetch.entities(run), prepare, keyOf)
    if (asked.representations.length === 0) return
    const variables = { ...fetch.variables(run), representations: asked.representations }
    const data = await ask(run, fetch, variables, placesOfErrors(run, fetch, asked))
    if (!data) return
    const received = entitiesOf(data, asked.representations.length)
    let isWhole = true
    for (const [index, places] of asked.places.entries()) isWhole = fillAll(places, received[index], fetch) && isWhole
    if (!isWhole) throw malformed('an entity that is no object')
  }
}

/** Entities asked for once each. `places`: for each representation, the objects it stands for. */
type Asked = { representations: Entity[]; places: [Entity, ...Entity[]][] }

function distinct(
  entities: readonly Entity[],
  represent: (entity: Entity) => Entity | null,
  keyOf: KeyOf | null,
): Asked {
  const [byKey, byText] = [new Map<unknown, Asked['places'][number]>(), new Map<unknown, Asked['places'][number]>()]
  const asked: Asked = { representations: [], places: [] }
  for (const entity of entities) {
    const short = keyOf?.(entity)
    const known = byKey.get(short)
    if (known) {
      known.push(entity)
      continue
    }
    const representation = represent(entity)
    if (!representation) continue
    // Text and key could read the same: they are kept apart.
    const [placesOf, key] = short === undefined ? [byText, JSON.stringify(representation)] : [byKey, short]
    const same = placesOf.get(key)
    if (same) {
      same.push(entity)
      continue
    }
    const places: Asked['places'][number] = [entity]
    placesOf.set(key, places)
    asked.representations.push(representation)
    asked.places.push(places)
  }
  return asked
}

/** False where what was received is no entity. */
function fillAll(places: Asked['places'][number], received: unknown, { fill, onReceived }: Fetch): boolean {
  if (received === null || received === undefined) return true
  if (!isEntity(received)) return false
  received['__typename'] ||= places[0]['__typename']
  onReceived?.(received)
  // The last place takes the object itself.
  for (let index = 0; index < places.length; index += 1)
    fill(places[index] as Entity, received, index === places.length - 1)
  return true
}

/** An entity's error at every place where the entity stands; any other where the fetch as a whole would have failed. */
function placesOfErrors(run: Run, { paths, failedAt, below }: Fetch, { places }: Asked) {
  // Only where there are errors is it worth to know all paths.
  let known: ReturnType<typeof pathsAt> | undefined
  return (error: GraphQLFormattedError): Places => {
    const [, index, ...rest] = error.path ?? []
    const entities = typeof index === 'number' ? places[index] : undefined
    if (!entities) return failedAt(run)
    known ??= pathsAt(run.root, paths)
    const at = [...new Set(entities)].flatMap((entity) => known?.get(entity) ?? [])
    return at.length > 0 ? at.map((place) => [...place, ...below(rest)]) : failedAt(run)
  }
}
