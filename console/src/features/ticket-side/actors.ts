import { words } from '../../shared/format.ts'
import type {
  TicketSideActor_Agent_Fragment,
  TicketSideActor_Customer_Fragment,
  TicketSideActor_SystemActor_Fragment,
} from './generated/Headline.ts'

export type Someone =
  TicketSideActor_Agent_Fragment | TicketSideActor_Customer_Fragment | TicketSideActor_SystemActor_Fragment

/** Who did it, in words; a rule or a model says that it is one. */
export function nameOf(actor: Someone): string {
  if (actor.__typename !== 'SystemActor') return actor.name
  if (actor.kind === 'AUTOMATION') return `The rule “${actor.name}”`
  if (actor.kind === 'MODEL') return `The model ${actor.name}`
  return `${actor.name} (${words(actor.kind).toLowerCase()})`
}

/** Decided by a rule or a model, rather than by a person or brought along by an import. */
export const isMachine = (actor: Someone): boolean =>
  actor.__typename === 'SystemActor' && (actor.kind === 'MODEL' || actor.kind === 'AUTOMATION')
