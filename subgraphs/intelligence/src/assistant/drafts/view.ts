import type { Draft } from '../../../generated/resolvers.ts'
import { usedOf } from '../limits/limits.ts'
import type { Channel, Tone } from '../situation.ts'
import type { KeptDraft } from './store.ts'

/** A kept draft as it is answered. */
export const draftView = (
  draft: Omit<KeptDraft, 'tenantId' | 'ticketId' | 'customerId' | 'key' | 'intent' | 'length'>,
): Draft => ({
  id: draft.id,
  content: draft.content,
  tone: draft.tone as Tone,
  channel: draft.channel as Channel,
  limit: usedOf(draft.channel as Channel, draft.content),
  personalization: draft.personalization,
  // What was kept is what was written.
  citations: draft.citations as Draft['citations'],
  reasoning: draft.reasoning,
  confidence: draft.confidence,
  basedOn: draft.basedOn,
  basis: draft.basis,
  generator: draft.generator,
  generatedAt: draft.generatedAt,
})
