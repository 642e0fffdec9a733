import type { FetchNode } from '@apollo/query-planner'
import type { GraphQLOperation } from '@quimbi/service/graphql.ts'
import type { FormattedExecutionResult, GraphQLError } from 'graphql'
import type { Entity } from './entities.ts'
import type { Memory } from './remember.ts'

/** One execution of a plan. */
export type Run = {
  /** as the client gave them */
  variables: Readonly<Record<string, unknown>>
  /** the same with defaults, and checked */
  coerced: Readonly<Record<string, unknown>>
  /** what the subgraphs answered so far, merged */
  root: Entity
  errors: GraphQLError[]
  memory: Memory
  /** Rejects when there is no answer. */
  ask(
    node: Pick<FetchNode, 'serviceName' | 'operationKind'>,
    operation: GraphQLOperation,
  ): Promise<FormattedExecutionResult>
}

/** A compiled node of a plan. Never rejects: failures are among the errors of the run. */
export type Step = (run: Run) => Promise<void>
