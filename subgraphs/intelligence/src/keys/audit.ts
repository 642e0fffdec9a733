import type { Clock } from '@quimbi/service/clock.ts'
import type { GraphQLPlugin } from '@quimbi/service/graphql-plugins.ts'
import { getOperationAST, type DocumentNode, type GraphQLFormattedError, type OperationDefinitionNode } from 'graphql'
import type { Context } from '../context.ts'
import type { KeyRead, ReadLog } from './read-log.ts'
import { rootFields } from './root-fields.ts'
import type { CustomersSeen } from './seen.ts'

/** Something that was asked with a key, and what became of it. */
export type Answered = {
  document: DocumentNode | undefined
  operation: OperationDefinitionNode | null | undefined
  errors: readonly Pick<GraphQLFormattedError, 'extensions'>[] | undefined
  /** Points. */
  cost: number
}

export type Audit = {
  /** Notes queries and mutations; to stand after the plugin that charges for them. */
  plugin: GraphQLPlugin<Context>
  /** Notes one answer; for events of subscriptions, which pass no plugin. `context` is the event's own. */
  answered(context: Context, answered: Answered): void
}

type AuditOptions = {
  reads: Pick<ReadLog, 'note'>
  seen: CustomersSeen
  clock: Clock
  /** What the request with this context was charged. */
  costOf(context: Context): number
}

/** Notes what every key read. A service's or an agent's request is none of its business. */
export function createAudit({ reads, seen, clock, costOf }: AuditOptions): Audit {
  function answered(context: Context, { document, operation, errors, cost }: Answered): void {
    const { viewer, requestId } = context
    if (viewer.kind !== 'partner') return
    reads.note({
      ...{ tenantId: viewer.tenantId, keyId: viewer.keyId, at: clock.now(), requestId, cost },
      operationName: operation?.name?.value ?? null,
      fields: document && operation ? rootFields(document, operation) : [],
      customerIds: seen.of(context),
      outcome: outcomeOf(errors ?? []),
    })
  }
  const plugin: GraphQLPlugin<Context> = {
    async requestDidStart() {
      return {
        async willSendResponse({ contextValue, document, operation, request, response: { body } }) {
          const known = operation ?? (document && getOperationAST(document, request.operationName))
          const { errors } = body.kind === 'single' ? body.singleResult : body.initialResult
          answered(contextValue, { document, operation: known, errors, cost: costOf(contextValue) })
        },
      }
    },
  }
  return { plugin, answered }
}

const oursCodes = new Set<unknown>(['INTERNAL_SERVER_ERROR', 'SUBGRAPH_UNAVAILABLE', undefined])

/** Refused is what the caller can do something about. */
function outcomeOf(errors: readonly Pick<GraphQLFormattedError, 'extensions'>[]): KeyRead['outcome'] {
  if (errors.length === 0) return 'OK'
  return errors.some(({ extensions }) => oursCodes.has(extensions?.['code'])) ? 'FAILED' : 'REFUSED'
}
