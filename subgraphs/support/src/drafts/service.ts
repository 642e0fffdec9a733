import { refuse } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { need } from '../agents/permissions.ts'
import { text } from '../common/text.ts'
import type { Db } from '../database.ts'
import { editRatio } from './distance.ts'

/** How far a draft got, each further than the one before. */
const outcomes = ['SHOWN', 'INSERTED', 'DISCARDED', 'SENT_UNCHANGED', 'SENT_EDITED'] as const
export type DraftOutcome = (typeof outcomes)[number]

export type DraftUseInput = { draftId: string; outcome: DraftOutcome; finalContent?: string | null | undefined }

/**
 * Keeps the furthest that a draft got, whatever the order in which it is told. `original`, the draft's own text, gives with `finalContent`
 * how much was changed; no text is kept.
 */
export async function recordDraftUse(
  tx: Db,
  viewer: Viewer,
  input: DraftUseInput,
  now: Date,
  original: string | null = null,
): Promise<{ deletedId: string }> {
  need(viewer, 'ticket:update_own')
  const draftId = text(input.draftId, { path: ['input', 'draftId'], max: 200 })
  const { outcome, finalContent } = input
  if (finalContent && outcome !== 'SENT_EDITED')
    refuse('INVALID', 'Only a draft that was sent with changes has another text.', ['input', 'finalContent'])
  const final = finalContent ? text(finalContent, { path: ['input', 'finalContent'], max: 50_000 }) : null
  const editDistance =
    final !== null && original !== null ? editRatio(original, final) : outcome === 'SENT_UNCHANGED' ? 0 : null
  await keep(tx, viewer, { draftId, outcome, editDistance, ticketId: null, now })
  return { deletedId: draftId }
}

type Sent = { draftId: string; ticketId: string; now: Date; draft: string | null; sent: string }

/** A reply made of the draft was sent, on this ticket: as it was or changed where the draft's text is known, else the agent took it up. */
export function draftWasSent(tx: Db, viewer: Viewer, { draftId, ticketId, now, draft, sent }: Sent): Promise<void> {
  const editDistance = draft === null ? null : editRatio(draft, sent)
  const outcome = editDistance === null ? 'INSERTED' : editDistance === 0 ? 'SENT_UNCHANGED' : 'SENT_EDITED'
  return keep(tx, viewer, { draftId, ticketId, outcome, editDistance, now })
}

type Use = { draftId: string; outcome: DraftOutcome; editDistance: number | null; ticketId: string | null; now: Date }

async function keep(tx: Db, viewer: Viewer, { draftId, outcome, editDistance, ticketId, now }: Use): Promise<void> {
  const agentId = viewer.kind === 'agent' ? viewer.agentId : null
  const order = [...outcomes]
  // In one statement, since agents' screens tell of one draft at the same time.
  await tx.$executeRaw`
    INSERT INTO draft_use AS d (tenant_id, draft_id, ticket_id, agent_id, outcome, edit_distance, created_at, updated_at)
    VALUES (${viewer.tenantId}::uuid, ${draftId}, ${ticketId}::uuid, ${agentId}::uuid, ${outcome}, ${editDistance}::float8,
      ${now}::timestamptz, ${now}::timestamptz)
    ON CONFLICT (tenant_id, draft_id) DO UPDATE SET
      ticket_id = coalesce(d.ticket_id, excluded.ticket_id), agent_id = coalesce(d.agent_id, excluded.agent_id),
      edit_distance = CASE WHEN array_position(${order}::text[], excluded.outcome) >= array_position(${order}::text[], d.outcome)
        THEN coalesce(excluded.edit_distance, d.edit_distance) ELSE d.edit_distance END,
      outcome = CASE WHEN array_position(${order}::text[], excluded.outcome) > array_position(${order}::text[], d.outcome)
        THEN excluded.outcome ELSE d.outcome END,
      updated_at = excluded.updated_at`
}
