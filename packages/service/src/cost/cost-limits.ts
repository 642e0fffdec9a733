import { buildASTSchema, GraphQLError, parse, type DocumentNode, type GraphQLSchema } from 'graphql'
import type { Price, Pricing } from './cost.ts'
import { costOf } from './cost.ts'

/** Prices documents of a schema and refuses those beyond the maximum. */
export type CostLimits = {
  /** Throws COST_LIMIT where the document costs more than one may. The document must be valid. */
  checkDocument(
    document: DocumentNode,
    variables?: Readonly<Record<string, unknown>>,
    operationName?: string | null,
  ): Price
  /** Goes on with another schema. */
  update(sdl: string): void
}

export function createCostLimits(sdl: string, maxCost: number): CostLimits {
  let current = sdl
  let schema = pricedSchema(current)
  // Apollo keeps parsed documents, so each is compiled once.
  let known = new WeakMap<DocumentNode, Map<string, Pricing>>()

  function pricingOf(document: DocumentNode, operationName: string): Pricing {
    const operations = known.get(document) ?? new Map<string, Pricing>()
    const pricing = operations.get(operationName) ?? costOf(schema, document, operationName || null)
    operations.set(operationName, pricing)
    known.set(document, operations)
    return pricing
  }

  return {
    checkDocument(document, variables, operationName) {
      const price = pricingOf(document, operationName ?? '')(variables)
      if (price.requested > maxCost) throw tooDear(price.requested, maxCost)
      return price
    },
    update(next) {
      if (next === current) return
      current = next
      schema = pricedSchema(next)
      known = new WeakMap()
    },
  }
}

/** A supergraph has the directives that its API schema leaves out. */
const pricedSchema = (sdl: string): GraphQLSchema =>
  buildASTSchema(parse(sdl), { assumeValid: true, assumeValidSDL: true })

const tooDear = (cost: number, max: number) =>
  new GraphQLError(
    `The document costs ${cost === Number.MAX_SAFE_INTEGER ? 'more than can be counted' : `${cost} points`}, and one may cost ${max}. Ask for fewer items at a time.`,
    { extensions: { code: 'GRAPHQL_VALIDATION_FAILED', reason: 'COST_LIMIT', http: { status: 400 } } },
  )
