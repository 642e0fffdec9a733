import type { EventOf } from '@quimbi/events/topics.ts'
import type { Db } from '../database.ts'
import { systemActor, type ActorRef } from '../log/actors.ts'
import { recordAudit } from './record.ts'

type Recorded = EventOf<'audit.recorded'>

/** Keeps what was done in Intelligence in the tenant's audit trail. Idempotent. */
export const receiveAudit = (tx: Db, events: readonly Recorded[]): Promise<void> =>
  recordAudit(
    tx,
    ...events.map(({ eventId: id, tenantId, occurredAt: now, payload: { doer, ...entry } }) => {
      return { ...entry, id, tenantId, now, who: { actor: actorOf(doer) } }
    }),
  )

function actorOf(doer: Recorded['payload']['doer']): ActorRef {
  if (doer.kind === 'agent') return { kind: 'agent', id: doer.agentId }
  return systemActor('INTEGRATION', doer.kind === 'partner' ? `API key ${doer.keyId}` : doer.service)
}
