import { createCostLimits, type CostLimits } from '@quimbi/service/cost/cost-limits.ts'
import { costPlugin } from '@quimbi/service/cost/cost-plugin.ts'
import type { GraphQLOptions } from '@quimbi/service/graphql.ts'
import type { NamedDocument } from '@quimbi/service/persisted.ts'
import { textOfDocument } from '@quimbi/service/persisted-store.ts'
import type { Registry } from 'prom-client'
import type { GatewayContext } from '../context.ts'
import { purseOf } from './accounts.ts'
import { limitsMetrics } from './limits-metrics.ts'
import type { Limits } from './limits.ts'

/** What the gateway's doors ask before they serve a document. */
export type DoorLimits = Pick<CostLimits, 'checkDocument'> & {
  /** The text of a document that is named instead of sent; see `textOfDocument`. */
  textOf(request: NamedDocument): Promise<string | undefined>
  /** For the HTTP door. */
  graphql: Pick<GraphQLOptions<GatewayContext>, 'persisted' | 'mayIntrospect'> & {
    plugins: NonNullable<GraphQLOptions<GatewayContext>['plugins']>
  }
}

export function limitDoors(
  limits: Limits,
  { supergraphSdl, registry }: { supergraphSdl: string; registry: Registry },
): DoorLimits {
  const costs = createCostLimits(supergraphSdl, limits.maxCost)
  const cost = costPlugin<GatewayContext>({
    costs,
    purseOf: (context) => purseOf(context, limits),
    metrics: limitsMetrics(registry),
    isTold: ({ request }) => request.http?.headers.get(costHeader) === '1',
  })
  const persisted = { documents: limits.documents, store: limits.store }
  return {
    checkDocument: costs.checkDocument,
    textOf: (request) => textOfDocument(request, persisted),
    graphql: { persisted, mayIntrospect, plugins: [cost] },
  }
}

/** Asks for `extensions.cost` in the answer. */
const costHeader = 'x-quimbi-cost'

/** The schema is for whoever builds on it: administrators, and our own services. */
export const mayIntrospect = ({ facts, viewer }: Pick<GatewayContext, 'facts' | 'viewer'>): boolean =>
  facts.caller !== null || (viewer?.kind === 'agent' && viewer.role === 'ADMIN')
