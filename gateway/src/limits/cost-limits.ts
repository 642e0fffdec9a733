import type { Price, Pricing } from '@quimbi/service/cost/cost.ts'
import { costOf } from '@quimbi/service/cost/cost.ts'
import { buildASTSchema, GraphQLError, parse, type DocumentNode, type GraphQLSchema } from 'graphql'

/** Prices documents of the composed graph and refuses those beyond the maximum. */
export type CostLimits = {
  /** Throws COST_LIMIT where the document costs more than one may. The document must be valid. */
  checkDocument(
    document: DocumentNode,
    variables?: Readonly<Record<string, unknown>>,
    operationName?: string | null,
  ): Price
  /** Goes on with another composed graph. */
  update(supergraphSdl: string): void
}

export function createCostLimits(supergraphSdl: string, maxCost: number): CostLimits {
  let current = supergraphSdl
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
    update(sdl) {
      if (sdl === current) return
      current = sdl
      schema = pricedSchema(sdl)
      known = new WeakMap()
    },
  }
}

/** The supergraph has the directives that the API schema leaves out. */
const pricedSchema = (supergraphSdl: string): GraphQLSchema =>
  buildASTSchema(parse(supergraphSdl), { assumeValid: true, assumeValidSDL: true })

const tooDear = (cost: number, max: number) =>
  new GraphQLError(
    `The document costs ${cost === Number.MAX_SAFE_INTEGER ? 'more than can be counted' : `${cost} points`}, and one may cost ${max}. Ask for fewer items at a time.`,
    { extensions: { code: 'GRAPHQL_VALIDATION_FAILED', reason: 'COST_LIMIT', http: { status: 400 } } },
  )
