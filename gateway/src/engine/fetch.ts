import type { FetchNode } from '@apollo/query-planner'
import { parse, visit, type FieldNode, type GraphQLSchema } from 'graphql'
import { ask, type Attempt, type Fetch, type Places } from './attempt.ts'
import type { Paths } from './branches.ts'
import { copy, compilePaths, isInherited, pathsAt, merge, mergeField, type Entity, type KeepsType } from './entities.ts'
import { entityFetch } from './entity-fetch.ts'
import { fetchError, Unsupported } from './errors.ts'
import { askUnknown, type Question } from './remember.ts'
import { ownName } from './required-arguments.ts'
import { compileRewrites, renamesOf } from './rewrites.ts'
import type { Run, Step } from './run.ts'
import { keepingObjectTypes } from './type-conditions.ts'

/** `isLast`: nothing is written later where the fetch fills in. `question`: what others of the plan ask too. */
type Place = { paths: Paths; isLast: boolean; question?: Question | undefined }

/** A fetch, of root fields or of entities, whose answer is merged at some paths. */
export function compileFetch(schema: GraphQLSchema, node: FetchNode, place: Place): Step {
  if (node.contextRewrites?.length || node.variableUsages?.includes('representations')) throw new Unsupported()
  const fetch = describe(schema, node, place)
  const attempt = node.requires ? entityFetch(schema, fetch) : rootFetch(fetch)
  return async (run) => {
    try {
      await attempt(run)
    } catch (error) {
      run.errors.push(...fetch.failedAt(run).map((at) => fetchError(error, node.serviceName, at)))
    }
  }
}

function describe(schema: GraphQLSchema, node: FetchNode, { paths, isLast, question }: Place): Fetch {
  const fields = fieldsOf(node)
  const keepsType = keepingObjectTypes(schema)
  const entities = compilePaths(paths)
  const write = node.outputRewrites?.length
    ? (place: Entity, received: Entity) => merge(place, received, keepsType)
    : fieldMerge(node.requires ? ['__typename', ...fields] : fields, keepsType)
  const renames = renamesOf(node.outputRewrites)
  const below = (at: readonly (string | number)[]) => at.map((step) => ownName(renames.get(step) ?? step))
  const isThere = (path: readonly string[], { root }: Run) => paths.length === 1 || pathsAt(root, [path]).size > 0
  return {
    node,
    ask: (run, operation, keys) =>
      question && question.fetches > 1 && keys
        ? askUnknown(run, question, node, { operation, keys })
        : run.ask(node, operation),
    entities: ({ root }) => entities(root),
    paths,
    // What nothing is written into any more can stand at several places at once: the answer is made of copies anyhow.
    fill: (place, received, isFree) => write(place, isFree || isLast ? received : copy(received)),
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

function rootFetch(fetch: Fetch): Attempt {
  const { paths, fill, onReceived, variables, below } = fetch
  return async (run) => {
    const places = fetch.entities(run)
    if (places.length === 0) return
    const data = await ask(run, fetch, { variables: variables(run) }, (error) =>
      error.path ? paths.map((path) => [...prefixOf(path), ...below(error.path ?? [])]) : fetch.failedAt(run),
    )
    if (!data) return
    onReceived?.(data)
    places.forEach((place, index) => fill(place, data, index === 0))
  }
}

const prefixOf = (path: readonly string[]) => (path.includes('@') ? path.slice(0, path.indexOf('@')) : path)
