import type { GraphQLFormattedError, GraphQLSchema } from 'graphql'
import { ask, type Attempt, type Fetch, type Places } from './attempt.ts'
import { entitiesOf, isEntity, isFlat, pathsAt, type Entity } from './entities.ts'
import { malformed } from './errors.ts'
import { compileKey, compileRequires, type KeyOf } from './requires.ts'
import { compileRewrites } from './rewrites.ts'
import type { Run } from './run.ts'

/** Asks about the entities that stand at the fetch's paths, about each once. */
export function entityFetch(schema: GraphQLSchema, fetch: Fetch): Attempt {
  const { node } = fetch
  const represent = compileRequires(schema, node.requires ?? [])
  const onSent = compileRewrites(schema, node.inputRewrites)
  const keyOf = onSent ? null : compileKey(schema, node.requires ?? [])
  const prepare = (entity: Entity) => {
    const representation = represent(entity)
    if (representation) onSent?.(representation)
    return representation
  }
  return async (run) => {
    const asked = distinct(fetch.entities(run), prepare, keyOf)
    if (asked.representations.length === 0) return
    const variables = { ...fetch.variables(run), representations: asked.representations }
    const data = await ask(run, fetch, { variables, keys: asked.keys }, placesOfErrors(run, fetch, asked))
    if (!data) return
    const received = entitiesOf(data, asked.representations.length)
    let isWhole = true
    for (const [index, places] of asked.places.entries()) isWhole = fillAll(places, received[index], fetch) && isWhole
    if (!isWhole) throw malformed('an entity that is no object')
  }
}

/** Entities asked for once each. `keys`: what tells one from the others; `places`: the objects that each stands for. */
type Asked = { representations: Entity[]; keys: string[]; places: [Entity, ...Entity[]][] }

function distinct(
  entities: readonly Entity[],
  represent: (entity: Entity) => Entity | null,
  keyOf: KeyOf | null,
): Asked {
  const known = new Map<string, Asked['places'][number]>()
  const asked: Asked = { representations: [], keys: [], places: [] }
  for (const entity of entities) {
    const short = keyOf?.(entity)
    const representation = short !== undefined && known.has(short) ? null : represent(entity)
    const key = short ?? (representation && JSON.stringify(representation))
    const same = key === null ? undefined : known.get(key)
    if (same) same.push(entity)
    else if (representation && key !== null) {
      const places: Asked['places'][number] = [entity]
      known.set(key, places)
      asked.representations.push(representation)
      asked.keys.push(key)
      asked.places.push(places)
    }
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
  const last = isFlat(received) ? 0 : places.length - 1
  for (let index = 0; index < places.length; index += 1) fill(places[index] as Entity, received, index >= last)
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
