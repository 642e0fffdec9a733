import type { Viewer } from '@quimbi/service/viewer.ts'

export type SystemActorKind = 'AUTOMATION' | 'TIMER' | 'INTEGRATION' | 'MODEL' | 'IMPORT'

/** Who did something, as events and rows keep it. */
export type ActorRef =
  | { kind: 'agent'; id: string }
  | { kind: 'customer'; id: string }
  | { kind: 'system'; system: SystemActorKind; name: string }

/** Who acts, and what made them: the causing event, and how many automations stand between it and a person's act. */
export type Doer = { actor: ActorRef; causedBy?: string | undefined; depth?: number | undefined }

export const systemActor = (system: SystemActorKind, name: string): ActorRef => ({ kind: 'system', system, name })

/** A viewer as the one who acts. */
export function doerOf(viewer: Viewer): Doer {
  if (viewer.kind === 'agent') return { actor: { kind: 'agent', id: viewer.agentId } }
  return { actor: systemActor('INTEGRATION', viewer.kind === 'service' ? viewer.service : 'partner') }
}
