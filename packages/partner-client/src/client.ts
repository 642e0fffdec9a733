import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import * as made from '../generated/operations.ts'
import { call } from './call.ts'
import { insightChanges, type ChangesOptions, type InsightChange } from './changes.ts'
import { chunksOf, inOrder, type Items } from './chunks.ts'
import { operationOf } from './documents.ts'
import { exportInsight, type ExportedInsight, type ExportOptions } from './export.ts'
import { ingestAll, mostAtOnce } from './ingest.ts'
import { createLink } from './link.ts'
import type { CallOptions, PartnerOptions } from './types.ts'

/** Customers that one request may name. */
const mostNamed = { items: 100, bytes: Infinity }

export type CustomerPage = made.QueryCustomersQuery['queryCustomers']
export type Analysis = made.AnalyzeCustomersQuery['analyzeCustomers'][number]
/** What to do with items that are refused: the others are taken unless `REJECT_ALL` is asked, which holds for a thousand at a time. */
type Intake = { source: string; errorPolicy?: made.IngestErrorPolicy }

export type PartnerClient = ReturnType<typeof createPartnerClient>

/**
 * A client of the partner door, within the key's limits and through what passes: throttling, lost connections, restarts. Calls reject with a
 * `PartnerError`, or with the reason of the signal that ended them; `userErrors` are data.
 */
export function createPartnerClient(options: PartnerOptions) {
  const link = createLink(options)

  /** Any operation of the schema, as text or as a typed document of a generator. */
  const request = <Data, Variables extends object>(
    document: TypedDocumentNode<Data, Variables> | string,
    variables?: Variables,
    given?: CallOptions,
  ): Promise<Data> => call(link, operationOf(document), variables ?? {}, given) as Promise<Data>

  const { maxConcurrent = 4 } = options

  /** The customers that fit, page by page, the highest first. */
  async function* queryCustomers(
    filter: made.CustomerQuery,
    { pageSize = 100, after, ...given }: CallOptions & { pageSize?: number; after?: string | null } = {},
  ): AsyncGenerator<CustomerPage, undefined> {
    for (let cursor = after ?? null; ;) {
      const variables = { filter, first: pageSize, after: cursor }
      const { queryCustomers: page } = await request(made.QueryCustomersDocument, variables, given)
      yield page
      cursor = page.pageInfo.endCursor
      if (!page.pageInfo.hasNextPage || cursor === null) return undefined
    }
  }

  /** Asks for a hundred customers at a time, several times at once; answers in the order of the ids. */
  async function inHundreds<T>(ids: readonly string[], ask: (some: string[]) => Promise<readonly T[]>): Promise<T[]> {
    const all: T[] = []
    for await (const some of inOrder(chunksOf(ids, mostNamed), maxConcurrent, ask)) all.push(...some)
    return all
  }

  /** Insight from what is passed in, in its order; nothing is stored. */
  async function* analyzeCustomers(
    customers: Items<made.AnalyzeCustomerInput>,
    given?: CallOptions,
  ): AsyncGenerator<Analysis, undefined> {
    const ask = (input: made.AnalyzeCustomerInput[]) => request(made.AnalyzeCustomersDocument, { input }, given)
    for await (const answers of inOrder(chunksOf(customers, mostAtOnce), maxConcurrent, ask))
      yield* answers.analyzeCustomers
    return undefined
  }

  return {
    request,
    queryCustomers,
    analyzeCustomers,

    customerInsight: async (customerId: string, given?: CallOptions) =>
      (await request(made.CustomerInsightDocument, { customerId }, given)).customerInsight,

    /** In the order of the ids; null for one that is unknown. */
    customerInsights: (ids: readonly string[], given?: CallOptions) =>
      inHundreds(
        ids,
        async (customerIds) => (await request(made.CustomerInsightsDocument, { customerIds }, given)).customerInsights,
      ),

    /** The highest score first. */
    scoreCustomers: async (ids: readonly string[], context: made.ScoringContext, given?: CallOptions) => {
      const ask = (customerIds: string[]) => request(made.ScoreCustomersDocument, { customerIds, context }, given)
      const scores = await inHundreds([...new Set(ids)], async (some) => (await ask(some)).scoreCustomers)
      return scores.sort((one, other) => other.score - one.score)
    },

    /** A question in words; says how it was understood. */
    askCustomers: async (question: string, { first = 50, ...given }: CallOptions & { first?: number } = {}) =>
      (await request(made.AskCustomersDocument, { question, first }, given)).askCustomers,

    ingestOrders: (
      { orders, source, errorPolicy = 'SKIP_FAILED' }: Intake & { orders: Items<made.CustomerOrderInput> },
      given?: CallOptions,
    ) =>
      ingestAll(orders, async (chunk) => {
        const input = { source, errorPolicy, orders: chunk }
        return (await request(made.IngestOrdersDocument, { input }, given)).ingestOrders
      }),

    ingestInteractions: (
      {
        interactions,
        source,
        errorPolicy = 'SKIP_FAILED',
      }: Intake & { interactions: Items<made.CustomerInteractionInput> },
      given?: CallOptions,
    ) =>
      ingestAll(interactions, async (chunk) => {
        const input = { source, errorPolicy, interactions: chunk }
        return (await request(made.IngestInteractionsDocument, { input }, given)).ingestInteractions
      }),

    ingestEvents: (
      { events, source, errorPolicy = 'SKIP_FAILED' }: Intake & { events: Items<made.CustomerEventInput> },
      given?: CallOptions,
    ) =>
      ingestAll(events, async (chunk) => {
        const input = { source, errorPolicy, events: chunk }
        return (await request(made.IngestEventsDocument, { input }, given)).ingestEvents
      }),

    personalizeOffer: async (input: made.PersonalizeOfferInput, given?: CallOptions) =>
      (await request(made.PersonalizeOfferDocument, { input }, given)).personalizeOffer,

    optimizeTiming: async (input: made.OptimizeTimingInput, given?: CallOptions) =>
      (await request(made.OptimizeTimingDocument, { input }, given)).optimizeTiming,

    recommendContent: async (
      input: made.RecommendContentInput,
      { first = 5, ...given }: CallOptions & { first?: number } = {},
    ) => (await request(made.RecommendContentDocument, { input, first }, given)).recommendContent,

    /** Written once: a lost answer is not asked for again. */
    generateMessage: async (input: made.GenerateMessageInput, given?: CallOptions) =>
      (await request(made.GenerateMessageDocument, { input }, given)).generateMessage,

    /** Written once: a lost answer is not asked for again. */
    generateCampaign: async (input: made.GenerateCampaignInput, given?: CallOptions) =>
      (await request(made.GenerateCampaignDocument, { input }, given)).generateCampaign,

    triageMessage: async (input: made.TriageInput, given?: CallOptions) =>
      (await request(made.TriageMessageDocument, { input }, given)).triageMessage,

    segments: async (axis?: made.BehaviorAxis, given?: CallOptions) =>
      (await request(made.SegmentsDocument, { axis }, given)).segments,

    archetypes: async ({
      level,
      first = 20,
      ...given
    }: CallOptions & { level?: made.ArchetypeLevel; first?: number } = {}) =>
      (await request(made.ArchetypesDocument, { level, first }, given)).archetypes,

    churnTrend: async (days = 90, given?: CallOptions) =>
      (await request(made.ChurnTrendDocument, { days }, given)).churnTrend,

    rateLimit: async (given?: CallOptions) => (await request(made.RateLimitDocument, {}, given)).rateLimit,

    /** Changes of insight, each once and in order, through lost connections. */
    insightChanged: (given: ChangesOptions = {}): AsyncGenerator<InsightChange, undefined> =>
      insightChanges(link, given),

    /** All insight, customer by customer. */
    exportInsight: (given: ExportOptions = {}): AsyncGenerator<ExportedInsight, undefined> =>
      exportInsight(link, given),
  }
}
