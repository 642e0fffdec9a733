import { askPeer, type PeerMeans } from '@quimbi/service/peer-graph.ts'
import { z } from 'zod'
import type { GatheredContext } from '../context/gather.ts'

export type ToPrepare = { tenantId: string; ticketId: string; customerId: string; context: GatheredContext }

/** Who writes drafts. Both may reject, and end when aborted. */
export type DraftSource = {
  /** Has a draft written. Resolves with why not, where it was refused. */
  prepare(asked: ToPrepare, signal: AbortSignal): Promise<string | null>
  /** A draft's own text; null where there is no such draft any more. */
  textOf(asked: { tenantId: string; draftId: string }): Promise<string | null>
}

const prepareMs = 10_000
/** An agent waits for it who has pressed Send. */
const textMs = 300

const prepareMutation = `mutation SupportPrepareDraft($input: PrepareDraftInput!) { prepareDraft(input: $input) {
  draft { id } userErrors { code } } }`
const prepared = z.object({
  prepareDraft: z.object({
    draft: z.object({ id: z.string() }).nullable(),
    userErrors: z.array(z.object({ code: z.string() })),
  }),
})
const textQuery = 'query SupportDraftText($id: ID!) { keptDraft(id: $id) { content } }'
const text = z.object({ keptDraft: z.object({ content: z.string() }).nullable() })

/** Intelligence's graph as who writes drafts. */
export function draftClient(means: PeerMeans): DraftSource {
  const prepare = askPeer(means, { service: 'support', dependency: 'drafts', deadlineMs: prepareMs })
  const read = askPeer(means, { service: 'support', dependency: 'draft-texts', deadlineMs: textMs })
  return {
    async prepare({ tenantId, ticketId, customerId, context }, signal) {
      const input = { ticketId, customerId, context: fitting(context) }
      const operation = { query: prepareMutation, variables: { input } }
      const { prepareDraft } = await prepare(operation, prepared, { tenantId, signal })
      return prepareDraft.userErrors[0]?.code ?? null
    },
    async textOf({ tenantId, draftId }) {
      const { keptDraft } = await read({ query: textQuery, variables: { id: draftId } }, text, { tenantId })
      return keptDraft?.content ?? null
    },
  }
}

/** What the other side takes of JSON, less what the rest of a context needs. */
const mostBytes = 95_000

/** The context as it travels, without its oldest turns where it is too long. Pure. */
export function fitting(context: GatheredContext): GatheredContext {
  const plain = JSON.parse(JSON.stringify(context)) as GatheredContext
  const sizes = plain.turns.map((turn) => Buffer.byteLength(JSON.stringify(turn)) + 1)
  let left = mostBytes - Buffer.byteLength(JSON.stringify({ ...plain, turns: [] }))
  const first = sizes.findLastIndex((size) => (left -= size) < 0) + 1
  return { ...plain, turns: plain.turns.slice(first) }
}
