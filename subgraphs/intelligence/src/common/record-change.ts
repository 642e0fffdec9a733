import { publish } from '@quimbi/events/outbox.ts'
import type { FieldChange } from '@quimbi/service/field-changes.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Db } from '../database.ts'

export type RecordedChange = {
  now: Date
  /** `noun.verb`, such as `api_key.created`. */
  action: string
  subjectType: string
  subjectId: string
  /** Never a secret: no key, hash or signing secret. */
  changes?: readonly FieldChange[]
}

/** Tells Support, which keeps the tenant's audit trail, who changed what. In the caller's transaction: both are, or neither. */
export async function recordChange(
  tx: Db,
  viewer: Viewer,
  { now, action, subjectType, subjectId, changes = [] }: RecordedChange,
): Promise<void> {
  const payload = { doer: doerOf(viewer), action, subjectType, subjectId, changes: plain(changes) }
  await publish(tx, [{ tenantId: viewer.tenantId, type: 'audit.recorded', occurredAt: now, payload }])
}

function doerOf(viewer: Viewer) {
  if (viewer.kind === 'agent') return { kind: 'agent', agentId: viewer.agentId } as const
  if (viewer.kind === 'partner') return { kind: 'partner', keyId: viewer.keyId } as const
  return { kind: 'service', service: viewer.service } as const
}

type Plain = { field: string; from: string | null; to: string | null }[]

/** As they travel: instants as text. */
const plain = (changes: readonly FieldChange[]): Plain => JSON.parse(JSON.stringify(changes)) as Plain
