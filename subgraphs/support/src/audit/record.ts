import { newId } from '@quimbi/database/ids.ts'
import type { FieldChange } from '@quimbi/service/field-changes.ts'
import type { Db } from '../database.ts'
import type { Doer } from '../log/actors.ts'

export type NewAuditEntry = {
  /** Of an event that told of it, so that it is kept once however often it is told; made when left out. */
  id?: string
  tenantId: string
  who: Doer
  now: Date
  /** `noun.verb`, such as `agent.created`. */
  action: string
  subjectType: string
  subjectId: string
  /** Never a secret: no password, hash or key. */
  changes?: readonly FieldChange[]
}

/** Keeps what is no ticket event: who did it, to what, and what changed. In the caller's transaction. */
export async function recordAudit(tx: Db, ...entries: readonly NewAuditEntry[]): Promise<void> {
  if (entries.length === 0) return
  await tx.auditEntry.createMany({
    data: entries.map(
      ({ id = newId(), tenantId, who: { actor }, now, action, subjectType, subjectId, changes = [] }) => ({
        tenantId,
        id,
        at: now,
        actor,
        actorId: actor.kind === 'agent' ? actor.id : null,
        action,
        subjectType,
        subjectId,
        changes: changes.map(({ field, from, to }) => ({ field, from: from ?? null, to: to ?? null })) as object[],
      }),
    ),
    skipDuplicates: true,
  })
}
