import { createMemoryBus, type Bus } from '@quimbi/events/bus.ts'
import { encodeRevision, revisionChannel, type Revision } from '@quimbi/events/revisions.ts'
import type { Facts } from '@quimbi/service/authenticate.ts'
import { fixedClock } from '@quimbi/service/clock.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import type { FormattedExecutionResult } from 'graphql'
import { Registry } from 'prom-client'
import type { SubgraphCall } from '../subgraph-calls.ts'
import { createEntityCache, type EntityCacheOptions } from './entity-cache.ts'
import { entityFetches } from './selection.ts'

const sdl = `directive @tag(name: String!) repeatable on FIELD_DEFINITION
  type Query { a: Int }
  type Customer { id: ID! value: Int other(days: Int): Int draft: Int @tag(name: "uncached") }`

const fetchOf = entityFetches(sdl, 'Customer')

export const fetching = (selection = 'value') =>
  `query A($representations:[_Any!]!,$days:Int){_entities(representations:$representations){...on Customer{${selection}}}}`

/** As an agent of the tenant. */
export const factsOf = (tenantId: string, role = 'AGENT'): Facts => ({
  requestId: 'test',
  caller: null,
  authorization: `Bearer ${tenantId}.${role}`,
})

const verifier: EntityCacheOptions['verifier'] = {
  verify: (token) => {
    const [tenantId = '', role] = token.split('.')
    const expiresAt = new Date(8.64e15)
    return Promise.resolve({ kind: 'agent', tenantId, agentId: 'a', sessionId: 's', role: role as 'AGENT', expiresAt })
  },
}

/** Customers by id, with what is known of them, and how often they were asked for. */
export function source() {
  const values = new Map<string, number>()
  const asked: string[][] = []
  const call: SubgraphCall = async ({ variables }) => {
    const ids = (variables?.['representations'] as { id: string }[]).map(({ id }) => id)
    asked.push(ids)
    return { data: { _entities: ids.map((id) => ({ value: values.get(id) ?? 0 })) } }
  }
  return { values, asked, call }
}

/** A cache over a source; the clock stands still. */
export function keeping(call: SubgraphCall, options: Partial<EntityCacheOptions> = {}) {
  const bus: Bus = options.bus ?? createMemoryBus()
  const registry = new Registry()
  const clock = fixedClock('2026-11-21T12:00:00.000Z')
  const log = createLogger({ service: 'test', level: 'silent' })
  const cache = createEntityCache({ fetchOf, verifier, clock, log, registry, random: () => 0.5, ...options, bus })
  const ask = cache.over(call)
  return {
    cache,
    clock,
    bus,
    registry,
    revise: (tenantId: string | null, customerIds: string[] | null = null) => {
      const revision: Revision = { tenantId, customerIds }
      return bus.publish(revisionChannel, encodeRevision(revision))
    },
    /** What the gateway would get. */
    async get(ids: readonly string[], { tenantId = 't', role = 'AGENT', selection = 'value', variables = {} } = {}) {
      const representations = ids.map((id) => ({ __typename: 'Customer', id }))
      const operation = { query: fetching(selection), variables: { ...variables, representations } }
      return ask(operation, factsOf(tenantId, role))
    },
    async values(ids: readonly string[], of?: object): Promise<(number | undefined)[]> {
      return valuesOf(await this.get(ids, of))
    },
  }
}

export const valuesOf = ({ data }: FormattedExecutionResult): (number | undefined)[] =>
  ((data?.['_entities'] ?? []) as ({ value: number } | null)[]).map((entity) => entity?.value)
