import { createHash } from 'node:crypto'
import { codedError } from '@quimbi/service/errors.ts'
import { clientLimits } from '@quimbi/service/document-limits.ts'
import type { GraphQLOperation } from '@quimbi/service/graphql.ts'
import { createLru } from '@quimbi/service/lru.ts'
import { Refused, subscriptionIn, validDocument } from '@quimbi/service/subscriptions.ts'
import { getArgumentValues, Kind, type DocumentNode, type GraphQLObjectType } from 'graphql'
import { isEntity, type Entity } from '../engine/entities.ts'
import type { Graph, Prepared } from '../engine/prepare.ts'
import { compileRewrites, type Rewrite } from '../engine/rewrites.ts'
import type { Step } from '../engine/run.ts'
import { variablesUsed } from '../engine/variables-used.ts'
import { compilePrimary, own, type Primary } from './primary.ts'
import { eventTypeOf, fieldsOf, isTagged, namesViewerField } from './tags.ts'

/** A subscription, planned and compiled. */
export type LiveOperation = {
  graph: Graph
  document: DocumentNode
  prepared: Prepared
  /** What is run for each event. */
  rest: Step
  hasRest: boolean
  /** The subgraph that is subscribed to. */
  service: string
  primary: Primary
  onReceived: Rewrite | null
  /** The root field's name in the answer. */
  key: string
  /** Whether it can go on after a lost connection. */
  isResumable: boolean
  /** Whether all of a tenant's agents who ask it are told the same, as far as they may see it. */
  isShared: boolean
  /** Whether each event says for whom it is. */
  hasAudience: boolean
  /** Names in the answer of what is null for who may not see what the event is about. */
  confined: readonly string[]
  /** The cursor that the client gives; null for none. */
  afterOf(coerced: Readonly<Record<string, unknown>>): string | null
  /** One text for all who ask the same from the same tenant, whatever their cursors. */
  identityOf(coerced: Readonly<Record<string, unknown>>): string
  /** Throws where they do not fit. */
  coerce(variables: Readonly<Record<string, unknown>>): Record<string, unknown>
}

const keptOperations = 500
const keptText = 10_000

/** Plans and compiles subscriptions, each once. Throws what it is refused for. */
export function createOperations() {
  const known = createLru<string, LiveOperation>(keptOperations)
  return {
    prepare(graph: Graph, { query, operationName }: GraphQLOperation): LiveOperation {
      const queryHash = createHash('sha256').update(query).digest('hex')
      const id = `${queryHash} ${operationName ?? ''}`
      const found = known.get(id)
      if (found?.graph === graph) return found
      const made = compile(graph, { query, operationName, queryHash, id })
      if (query.length <= keptText) known.set(id, made)
      return made
    },
    forget: () => known.clear(),
  }
}

type Asked = { query: string; operationName: string | undefined; queryHash: string; id: string }

function compile(graph: Graph, { query, operationName, queryHash, id }: Asked): LiveOperation {
  const document = validDocument(graph.schema, query, clientLimits)
  subscriptionIn(document, operationName)
  const prepared = graph.prepare({ queryHash, document, operationName })
  const { node } = prepared.plan
  if (node?.kind !== 'Subscription' || !prepared.step) throw unplannable()
  const { rootNode, field } = rootOf(prepared)
  const { name, key } = { name: rootNode.name.value, key: (rootNode.alias ?? rootNode.name).value }
  const type = eventTypeOf(graph.whole, name)
  const takesAfter = field.args.find((argument) => argument.name === 'after')
  const isResumable = takesAfter !== undefined && hasField(type, 'cursor')
  const rootType = graph.schema.getSubscriptionType()?.name ?? ''
  const isShared =
    isResumable &&
    isTagged(graph.whole, rootType, name, 'shared') &&
    !namesViewerField(graph.schema, graph.whole, document)
  const hasAudience = isShared && hasField(type, 'audience')
  const confined = hasAudience ? confinedNames(graph, prepared, type) : []
  const selections = [
    ...(isResumable ? [`${own.cursor}: cursor`] : []),
    ...(isResumable && hasField(type, 'occurredAt') ? [`${own.at}: occurredAt`] : []),
    ...(hasAudience ? [`${own.audience}: audience ${audienceFields}`] : []),
    ...(confined.length > 0 ? [`${own.sight}: sight ${audienceFields}`] : []),
    // A stream that comes to an end says so: without it an end is a loss.
    ...(hasField(type, 'done') ? [`${own.done}: done`] : []),
  ]
  const after = rootNode.arguments?.find((argument) => argument.name.value === 'after')?.value
  return {
    graph,
    document,
    prepared,
    rest: prepared.step,
    hasRest: node.rest !== undefined,
    service: node.primary.serviceName,
    primary: compilePrimary(node.primary, { selections, hasAfter: isResumable }),
    onReceived: compileRewrites(graph.whole, node.primary.outputRewrites),
    key,
    isResumable,
    isShared,
    hasAudience,
    confined,
    afterOf(coerced) {
      const { after: given } = getArgumentValues(field, rootNode, coerced)
      if (!isResumable || given === null || given === undefined) return null
      // Of the API's schema a cursor is any value: what is no cursor would be taken for none, and all that was missed be lost.
      if (typeof given === 'string' && given !== '') return given
      throw codedError('BAD_USER_INPUT', 'This is no cursor of the log.')
    },
    identityOf: identity(id, document, after?.kind === Kind.VARIABLE ? after.name.value : null),
    coerce(variables) {
      const { coerced, errors } = prepared.coerce(variables)
      if (!errors) return coerced
      throw new Refused(errors.map(({ message }) => codedError('BAD_USER_INPUT', message)))
    },
  }
}

const audienceFields = '{ overseers everybody agentId exceptAgentId }'

function rootOf({ operation: { operation, fragments, schema } }: Prepared) {
  const [rootNode] = fieldsOf(operation.selectionSet, fragments)
  const field = rootNode && schema.getSubscriptionType()?.getFields()[rootNode.name.value]
  if (!rootNode || !field) throw unplannable()
  return { rootNode, field }
}

const hasField = (type: GraphQLObjectType | null, name: string): boolean => type?.getFields()[name] !== undefined

function confinedNames(graph: Graph, prepared: Prepared, type: GraphQLObjectType | null): string[] {
  const { operation, fragments } = prepared.operation
  // The root field may stand there several times, as one.
  const fields = fieldsOf(operation.selectionSet, fragments).flatMap((root) => fieldsOf(root.selectionSet, fragments))
  const found = fields.filter(({ name }) => type && isTagged(graph.whole, type.name, name.value, 'confined'))
  const names = found.map(({ alias, name }) => (alias ?? name).value)
  return [...new Set(names.map((name) => prepared.renamed?.restoreName(name) ?? name))]
}

/** The variable of the cursor is left out, unless it says something else as well. */
function identity(id: string, document: DocumentNode, after: string | null): LiveOperation['identityOf'] {
  const skipped = after !== null && variablesUsed(document).get(after) === 1 ? after : null
  return (coerced) => {
    const entries = Object.entries(coerced).filter(([name]) => name !== skipped)
    return JSON.stringify([id, entries.sort(([a], [b]) => (a < b ? -1 : 1))])
  }
}

const unplannable = () => codedError('BAD_USER_INPUT', 'This subscription cannot be planned.')

/** The object of an event in what a subgraph told; null where the event is none, as a list. */
export const eventIn = (data: Entity, key: string): Entity | null => {
  const event = data[key]
  return isEntity(event) ? event : null
}
