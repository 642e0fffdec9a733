import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases'
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth'
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives'
import { GraphQLError, type ValidationContext, type ValidationRule } from 'graphql'

/** The most that one document may hold, fragments counted where they are used. */
export type DocumentLimits = { depth: number; aliases: number; directives: number; tokens: number }

/** Of what people and their programs send. */
export const clientLimits: DocumentLimits = { depth: 16, aliases: 100, directives: 100, tokens: 4_000 }

/** Of what the gateway asks a subgraph for: it names no more, but writes fragments out for each type, and entities twice as deep. */
export const gatewayLimits: DocumentLimits = { depth: 32, aliases: 1_000, directives: 1_000, tokens: 40_000 }

/** What Apollo Server takes to refuse documents beyond `limits`, before they are planned or run. */
export function refuseBeyond({ depth, aliases, directives, tokens }: DocumentLimits) {
  const validationRules = [
    maxDepthRule({ n: depth, flattenFragments: true, ...refusal('DEPTH_LIMIT', `at most ${depth} levels`) }),
    maxAliasesRule({ n: aliases, allowList: [], ...refusal('ALIASES_LIMIT', `at most ${aliases} aliases`) }),
    maxDirectivesRule({ n: directives, ...refusal('DIRECTIVES_LIMIT', `at most ${directives} directives`) }),
  ] as ValidationRule[]
  return { validationRules, parseOptions: { maxTokens: tokens } }
}

/** The library throws, which Apollo would take for a fault of ours; reported, it is the caller's. */
const refusal = (reason: string, most: string) => ({
  propagateOnRejection: false,
  onReject: [
    (context: ValidationContext | null) =>
      context?.reportError(
        new GraphQLError(`A document has ${most}.`, {
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED', reason },
        }),
      ),
  ],
})
