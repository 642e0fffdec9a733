import { composeServices } from '@apollo/composition'
import { lexicographicSortSchema, printSchema } from 'graphql'
import type { DocumentNode } from 'graphql'

/** One service's SDL; only its name reaches the supergraph, a deployment gives the address. */
export type Subgraph = { name: string; typeDefs: DocumentNode }

/** `problems` are sentences; the rest is null when the subgraphs do not compose. Hints count as problems unless allowed. */
export type Composition = { problems: string[]; supergraph: string | null; api: string | null }

/** Composes the subgraphs into the supergraph and the API that clients see. */
export function compose(subgraphs: readonly Subgraph[], allowedHints: ReadonlySet<string> = new Set()): Composition {
  const result = composeServices(subgraphs.map((subgraph) => ({ ...subgraph, url: `http://${subgraph.name}/graphql` })))
  if (result.errors) return { problems: result.errors.map(({ message }) => message), supergraph: null, api: null }
  return {
    problems: result.hints
      .filter(({ definition }) => !allowedHints.has(definition.code))
      .map(({ definition, message }) => `hint ${definition.code}: ${message}`),
    supergraph: `${result.supergraphSdl.trim()}\n`,
    api: `${printSchema(lexicographicSortSchema(result.schema.toAPISchema().toGraphQLJSSchema()))}\n`,
  }
}
