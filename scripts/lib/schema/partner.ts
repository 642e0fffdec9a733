import { buildSubgraphSchema } from '@apollo/subgraph'
import { partnerSchema, partnerSdl } from '@quimbi/intelligence/partner/schema.ts'
import type { DocumentNode } from 'graphql'

/** What partners see of a subgraph. */
export const partnerSdlOf = (typeDefs: DocumentNode): string =>
  partnerSdl(partnerSchema(buildSubgraphSchema({ typeDefs })))
