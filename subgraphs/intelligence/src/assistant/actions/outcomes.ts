import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { IngestResult } from '../../common/intake.ts'
import type { Db } from '../../database.ts'
import { requireScope } from '../../keys/service.ts'
import { readActionId } from './ids.ts'

type Optional<T> = T | null | undefined
export type Outcome = {
  actionId?: Optional<string>
  draftId?: Optional<string>
  outcome: string
  value?: Optional<number>
}

const ofActions = ['TAKEN', 'DISMISSED']
const ofDrafts = ['SHOWN', 'INSERTED', 'SENT_UNCHANGED', 'SENT_EDITED', 'DISCARDED']
/** Of drafts: no action is called so. */
const draftKind = 'draft'
const largestValue = 1e12

type Row = { id: string; kind: string; customerId: string | null; ticketId: string | null }

/**
 * Keeps what became of an advised action or of a draft; the last word counts, and saying it again changes nothing.
 * @throws UserErrors INVALID for an id or an outcome of none, NOT_FOUND for another tenant's, FORBIDDEN for a key without the scope
 */
export async function recordOutcome(
  tx: Db,
  viewer: Viewer,
  { actionId, draftId, outcome, value }: Outcome,
  now: Date,
): Promise<IngestResult> {
  requireScope(viewer, 'generate')
  if (!actionId === !draftId) refuse('INVALID', 'Name one of actionId and draftId.', ['input'])
  const allowed = actionId ? ofActions : ofDrafts
  if (!allowed.includes(outcome)) refuse('INVALID', `An outcome is one of ${allowed.join(', ')}.`, ['input', 'outcome'])
  if (Math.abs(value ?? 0) > largestValue) refuse('INVALID', `A value is at most ${largestValue}.`, ['input', 'value'])
  const row = actionId
    ? await actionOf(tx, viewer.tenantId, actionId)
    : await draftOf(tx, viewer.tenantId, draftId ?? '')
  return keep(tx, viewer.tenantId, { ...row, outcome, value: value ?? null }, now)
}

async function actionOf(tx: Db, tenantId: string, id: string): Promise<Row> {
  const action = readActionId(id)
  if (!action) return refuse('INVALID', 'This is no advised action’s id.', ['input', 'actionId'])
  const { kind, customerId, ticketId } = action
  const isOurs =
    customerId === null || (await tx.customer.findFirst({ where: { tenantId, id: customerId }, select: { id: true } }))
  return isOurs
    ? { id, kind, customerId, ticketId }
    : refuse('NOT_FOUND', 'There is no such customer.', ['input', 'actionId'])
}

async function draftOf(tx: Db, tenantId: string, id: string): Promise<Row> {
  const where = { tenantId, id: id.toLowerCase() }
  const draft = isUuid(id) && (await tx.draft.findFirst({ where, select: { customerId: true, ticketId: true } }))
  return draft
    ? { id: `${draftKind}:${where.id}`, kind: draftKind, ...draft }
    : refuse('NOT_FOUND', 'There is no such draft.', ['input', 'draftId'])
}

async function keep(
  tx: Db,
  tenantId: string,
  { id, kind, customerId, ticketId, outcome, value }: Row & { outcome: string; value: number | null },
  now: Date,
): Promise<IngestResult> {
  const [written] = await tx.$queryRaw<{ inserted: boolean }[]>`
    INSERT INTO action_outcome AS o (tenant_id, id, kind, customer_id, ticket_id, outcome, value, at)
    VALUES (${tenantId}::uuid, ${id}, ${kind}, ${customerId}::uuid, ${ticketId}::uuid, ${outcome}, ${value}::float8, ${now}::timestamptz)
    ON CONFLICT (tenant_id, id) DO UPDATE SET outcome = excluded.outcome, value = excluded.value, at = excluded.at
    WHERE (o.outcome, o.value) IS DISTINCT FROM (excluded.outcome, excluded.value)
    RETURNING xmax = 0 AS inserted`
  return {
    accepted: written?.inserted === true ? 1 : 0,
    updated: written?.inserted === false ? 1 : 0,
    duplicates: written ? 0 : 1,
    userErrors: [],
  }
}
