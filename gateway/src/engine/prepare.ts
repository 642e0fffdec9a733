import { operationFromDocument, Supergraph } from '@apollo/federation-internals'
import { buildOperationContext } from '@apollo/gateway'
import { QueryPlanner, type QueryPlan } from '@apollo/query-planner'
import { createLru } from '@quimbi/service/lru.ts'
import {
  getVariableValues,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  type OperationTypeNode,
} from 'graphql'
import { Unsupported } from './errors.ts'
import { overrideDraw, type OverrideDraw } from './overrides.ts'
import { compilePlan } from './plan.ts'
import { compileProjection, conditionsOf, type Projection } from './projection.ts'
import { plannersNames, renameTaken, type Renamed } from './client-names.ts'
import { refuseUnplannable } from './literals.ts'
import { inOrder } from './mutation-order.ts'
import { nameRequired } from './required-arguments.ts'
import { withOwnNames } from './required-fetches.ts'
import type { Step } from './run.ts'
import { createStock, type OperationContext, type Stock } from './stock.ts'

/** A composed graph, ready to plan. */
export type Graph = {
  /** what clients see */
  schema: GraphQLSchema
  /** the same with what is hidden, and every directive */
  whole: GraphQLSchema
  sdl: string
  services: readonly string[]
  stock: Stock
  /** Plans and compiles an operation, or finds it among the last five hundred. Throws a GraphQLError where it cannot be planned. */
  prepare(request: { queryHash: string; document: DocumentNode; operationName: string | undefined }): Prepared
}

/** An operation that was planned and compiled. */
export type Prepared = {
  plan: QueryPlan
  operation: OperationContext
  /** Fills the root with the subgraphs' answers; null where Apollo's executor is to run the plan. */
  step: Step | null
  /** For the values of the variables that select; null where Apollo's executor is to shape the answer. */
  projectionFor(coerced: Readonly<Record<string, unknown>>): Projection | null
  coerce(variables: Readonly<Record<string, unknown>>): Coerced
  /** Gives the client's names back, where it was planned under others. */
  renamed: Renamed | null
}

type Coerced =
  { coerced: Record<string, unknown>; errors?: never } | { coerced?: never; errors: readonly GraphQLError[] }

const keptOperations = 500
const keptProjections = 8

/** Throws where the SDL is no supergraph that this gateway can run. */
export function createGraph(sdl: string): Graph {
  const supergraph = Supergraph.build(sdl)
  const api = supergraph.apiSchema()
  const schema = api.toGraphQLJSSchema()
  const whole = supergraph.schema.toGraphQLJSSchema()
  const planned = nameRequired(sdl)
  const planning = planned.sdl === sdl ? supergraph : Supergraph.build(planned.sdl)
  const planningApi = planning === supergraph ? api : planning.apiSchema()
  const planner = new QueryPlanner(planning)
  const services = supergraph.subgraphsMetadata().map(({ name }) => name)
  const known = createLru<string, Prepared>(keptOperations)
  const draw = overrideDraw(supergraph, Math.random)

  const taken = plannersNames(planned.sdl)

  function plan(given: DocumentNode, operationName: string | undefined, { conditions }: OverrideDraw): Prepared {
    refuseUnplannable(schema, given)
    const renamed = renameTaken(given, taken)
    const document = renamed?.document ?? given
    const named = operationName === undefined ? {} : { operationName }
    const operation = buildOperationContext({ schema, operationDocument: document, ...named })
    const asked = operationFromDocument(planningApi, inOrder(document), named)
    const plan = withOwnNames(planner.buildQueryPlan(asked, { overrideConditions: new Map(conditions) }), planned)
    return {
      plan,
      operation,
      step: orStock(() => compileRoot(whole, operation.operation.operation, plan)),
      projectionFor: projections(document, operation),
      coerce: coercion(schema, operation),
      renamed,
    }
  }

  return {
    schema,
    whole,
    sdl,
    services,
    stock: createStock(whole, api, services),
    prepare({ queryHash, document, operationName }) {
      const drawn = draw()
      const key = `${queryHash} ${operationName ?? ''} ${drawn.key}`
      const prepared = known.get(key)
      if (prepared) return prepared
      const fresh = plan(document, operationName, drawn)
      known.set(key, fresh)
      return fresh
    },
  }
}

/** What a plan without a node does: everything that was asked for is in the schema. */
const nothing: Step = async () => {}

function compileRoot(schema: GraphQLSchema, kind: OperationTypeNode, { node }: QueryPlan): Step {
  if (!node) return nothing
  // Its primary is subscribed to; what is run for each event is the rest.
  if (node.kind === 'Subscription') return node.rest ? compilePlan(schema, kind, node.rest) : nothing
  return compilePlan(schema, kind, node)
}

function orStock<T>(compile: () => T): T | null {
  try {
    return compile()
  } catch (error) {
    if (error instanceof Unsupported) return null
    throw error
  }
}

function projections(document: DocumentNode, operation: OperationContext) {
  const conditions = conditionsOf(document)
  const known = createLru<string, { projection: Projection | null }>(keptProjections)
  return (coerced: Readonly<Record<string, unknown>>): Projection | null => {
    const key = conditions.map((name) => Number(coerced[name] === true)).join('')
    const compiled = known.get(key)
    if (compiled) return compiled.projection
    const projection = orStock(() => compileProjection({ ...operation, variables: coerced }))
    known.set(key, { projection })
    return projection
  }
}

function coercion(schema: GraphQLSchema, { operation }: OperationContext): Prepared['coerce'] {
  const { variableDefinitions = [] } = operation
  if (variableDefinitions.length === 0) return () => ({ coerced: {} })
  return (variables) => {
    const { coerced, errors } = getVariableValues(schema, variableDefinitions, variables)
    return errors ? { errors } : { coerced }
  }
}
