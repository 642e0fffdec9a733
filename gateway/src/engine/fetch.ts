import type { FetchNode, ResponsePath } from '@apollo/query-planner'
import { parse, visit, type FieldNode, type GraphQLFormattedError, type GraphQLSchema } from 'graphql'
import type { Paths } from './branches.ts'
import { copy, entitiesAt, isEntity, isInherited, merge, mergeField, pathsAt } from './entities.ts'
import type { Entity, KeepsType } from './entities.ts'
import { fetchError, malformed, subgraphError, Unsupported } from './errors.ts'
import { ownName } from './required-arguments.ts'
import { compileKey, compileRequires, type KeyOf } from './requires.ts'
import { compileRewrites, renamesOf, type Rewrite } from './rewrites.ts'
import type { Run, Step } from './run.ts'
import { keepingObjectTypes } from './type-conditions.ts'

/** A fetch, of root fields or of entities, whose answer is merged at these paths; `isLast`: after which nothing is written there. */
export function compileFetch(
  schema: GraphQLSchema,
  node: FetchNode,
  { paths, isLast }: { paths: Paths; isLast: boolean },
): Step {
  if (node.contextRewrites?.length || node.variableUsages?.includes('representations')) throw new Unsupported()
  const fetch = describe(schema, node, paths, isLast)
  const attempt = node.requires ? entityFetch(schema, node, fetch) : rootFetch(node, fetch)
  return async (run) => {
    try {
      await attempt(run)
    } catch (error) {
      run.errors.push(...fetch.failedAt(run).map((at) => fetchError(error, node.serviceName, at)))
    }
  }
}

type Places = (ResponsePath | undefined)[]
type Attempt = (run: Run) => Promise<void>

/** What both kinds of fetch need to know. */
type Fetch = {
  /** the objects to fill in */
  entities(run: Run): Entity[]
  paths: Paths
  /** fills an object in with an answer's, at the first of its places and at any other */
  fill(place: Entity, received: Entity, isFirst: boolean): void
  /** where a failure of the whole fetch is told */
  failedAt(run: Run): Places
  onReceived: Rewrite | null
  variables(run: Run): Record<string, unknown>
  /** the path of an error below the place it is of, as the client named the fields */
  below(path: readonly (string | number)[]): ResponsePath
}

function describe(schema: GraphQLSchema, node: FetchNode, paths: Paths, isLast: boolean): Fetch {
  const fields = fieldsOf(node)
  const keepsType = keepingObjectTypes(schema)
  const write = node.outputRewrites?.length
    ? (place: Entity, received: Entity) => merge(place, received, keepsType)
    : fieldMerge(node.requires ? ['__typename', ...fields] : fields, keepsType)
  const renames = renamesOf(node.outputRewrites)
  const below = (at: readonly (string | number)[]) => at.map((step) => ownName(renames.get(step) ?? step))
  const isThere = (path: readonly string[], { root }: Run) => paths.length === 1 || entitiesAt(root, path).length > 0
  return {
    entities: ({ root }) => paths.flatMap((path) => entitiesAt(root, path)),
    paths,
    // What nothing is written into any more can stand at several places at once: the answer is made of copies anyhow.
    fill: (place, received, isFirst) => write(place, isFirst || isLast ? received : copy(received)),
    failedAt: (run) =>
      paths
        .filter((path) => isThere(path, run))
        .flatMap((path) => placesOfFailure(path, fields).map((at) => at && below(at))),
    onReceived: compileRewrites(schema, node.outputRewrites),
    variables: pickVariables(node.variableUsages ?? []),
    below,
  }
}

/**
 * Merges an answer whose fields are those, written out one by one: Node.js then knows the shape of what it reads and makes. An answer that has
 * others too is merged as any object. The names are of a GraphQL document, so they are safe to write.
 */
function fieldMerge(names: readonly string[], keepsType: KeepsType): (place: Entity, received: Entity) => void {
  const known = [...new Set(names)]
  const lines = known.map(
    (name) =>
      `v = s.${name}; if (v !== undefined) { n--; if (t.${name} === undefined) t.${name} = v; else m(t, '${name}', v, keeps) }`,
  )
  const body = `return (t, s) => { let v, n = 0; for (const key in s) n++; ${lines.join(' ')} if (n !== 0) all(t, s, keeps) }`
  return new Function('m', 'all', 'keeps', body)(mergeField, merge, keepsType) as ReturnType<typeof fieldMerge>
}

/** The fields that a fetch fills, by the names they have in its answer. */
function fieldsOf({ operation, requires }: FetchNode): string[] {
  const document = parse(operation, { noLocation: true })
  const names: string[] = []
  visit(document, {
    Field(field, _key, _parent, _path, ancestors) {
      const name = nameOf(field)
      if (isInherited(name)) throw new Unsupported()
      const depth = ancestors.filter((each) => 'kind' in each && each.kind === 'Field').length
      if (depth === (requires ? 1 : 0) && name !== '__typename') names.push(name)
    },
  })
  return [...new Set(names)]
}

const nameOf = ({ alias, name }: FieldNode): string => (alias ?? name).value

/** Each field it was to fill; below a list, where they would be many, the list. */
function placesOfFailure(path: readonly string[], fields: readonly string[]): Places {
  const list = path.indexOf('@')
  if (list >= 0) return [path.slice(0, list)]
  return fields.length > 0 ? fields.map((field) => [...path, field]) : [path.length > 0 ? [...path] : undefined]
}

function pickVariables(names: readonly string[]): Fetch['variables'] {
  return ({ variables }) => {
    const picked: Record<string, unknown> = {}
    for (const name of names)
      if (Object.hasOwn(variables, name) && variables[name] !== undefined) picked[name] = variables[name]
    return picked
  }
}

/** Asks; reports the errors of the answer where `placesOf` says; gives its data. */
async function ask(
  run: Run,
  node: FetchNode,
  variables: Record<string, unknown>,
  placesOf: (error: GraphQLFormattedError) => Places,
): Promise<Entity | null> {
  const { operation: query, operationName, serviceName } = node
  const { data, errors } = await run.ask(node, {
    query,
    variables,
    ...(operationName !== undefined && { operationName }),
  })
  for (const error of Array.isArray(errors) ? errors.filter(isError) : [])
    run.errors.push(...placesOf(error).map((place) => subgraphError(error, serviceName, place)))
  if (data === null || data === undefined) return null
  if (!isEntity(data)) throw malformed('data that is no object')
  return data
}

function rootFetch(node: FetchNode, fetch: Fetch): Attempt {
  const { paths, fill, onReceived, variables, below } = fetch
  return async (run) => {
    const places = fetch.entities(run)
    if (places.length === 0) return
    const data = await ask(run, node, variables(run), (error) =>
      error.path ? paths.map((path) => [...prefixOf(path), ...below(error.path ?? [])]) : fetch.failedAt(run),
    )
    if (!data) return
    onReceived?.(data)
    places.forEach((place, index) => fill(place, data, index === 0))
  }
}

function entityFetch(schema: GraphQLSchema, node: FetchNode, fetch: Fetch): Attempt {
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
    const data = await ask(run, node, variables, placesOfErrors(run, fetch, asked))
    if (!data) return
    const received = data['_entities']
    if (!Array.isArray(received) || received.length !== asked.representations.length)
      throw malformed(`something else than ${asked.representations.length} entities`)
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

const prefixOf = (path: readonly string[]) => (path.includes('@') ? path.slice(0, path.indexOf('@')) : path)

function isError(error: unknown): error is GraphQLFormattedError {
  return isEntity(error) && typeof error['message'] === 'string' && (!error['path'] || Array.isArray(error['path']))
}
