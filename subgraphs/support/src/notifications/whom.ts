import type { TicketEntry } from '../log/entries.ts'
import type { TicketEventType } from '../log/ticket-events.ts'

export type NotificationKind =
  | 'MENTION'
  | 'ASSIGNED'
  | 'TRANSFERRED'
  | 'SLA_WARNING'
  | 'SLA_BREACHED'
  | 'ESCALATION'
  | 'FOLLOW_UP_DUE'
  | 'RULE'
  | 'DELIVERY_FAILED'

/** For whom: whoever of these there is. */
export type Audience = {
  agentIds?: readonly string[]
  /** All members of a team; with `isSenior`, only SENIOR_AGENT and above. */
  teamId?: string | null
  isSenior?: boolean
  /** Who wrote this message. */
  authorOf?: string
  /** The tenant's team leads: always, or where nobody else of this audience is left. */
  leads?: 'always' | 'otherwise'
}

/** One sentence for somebody. It names the ticket by its number and quotes nothing that was said on it. */
export type Notice = { kind: NotificationKind; text: string; to: Audience }

/** What agents are told of. */
export const tellingTypes = [
  'ASSIGNED',
  'TRANSFERRED',
  'NOTE_ADDED',
  'ESCALATED',
  'SLA_WARNING',
  'SLA_BREACHED',
  'FOLLOW_UP_DUE',
  'DELIVERY_FAILED',
] as const satisfies readonly TicketEventType[]

/** What an event tells, and whom; null when nobody needs to know. Pure. */
export function noticeOf({ type, payload }: Pick<TicketEntry, 'type' | 'payload'>): Notice | null {
  const { actor, changes, data, messageId } = payload
  const { number, assigneeId, teamId } = payload.view
  // What an import wrote happened long ago.
  if (actor.kind === 'system' && actor.system === 'IMPORT') return null
  const assignee = assigneeId === null ? [] : [assigneeId]
  const moved = (field: string) => changes.some((change) => change.field === field)
  switch (type) {
    case 'ASSIGNED':
      return { kind: 'ASSIGNED', text: `You were given ticket #${number}.`, to: { agentIds: assignee } }
    case 'TRANSFERRED':
      if (assigneeId !== null && !moved('assigneeId')) return null
      if (assigneeId !== null)
        return { kind: 'TRANSFERRED', text: `Ticket #${number} was handed on to you.`, to: { agentIds: assignee } }
      if (teamId === null) return null
      return { kind: 'TRANSFERRED', text: `Ticket #${number} was handed on to your team.`, to: { teamId } }
    case 'NOTE_ADDED':
      return { kind: 'MENTION', text: `A note on ticket #${number} mentions you.`, to: { agentIds: mentioned(data) } }
    case 'ESCALATED': {
      const toTeamId = typeof data?.['toTeamId'] === 'string' ? data['toTeamId'] : null
      const to = { agentIds: assignee, teamId: toTeamId, isSenior: true }
      const leads = toTeamId === null ? 'always' : 'otherwise'
      return { kind: 'ESCALATION', text: `Ticket #${number} was escalated.`, to: { ...to, leads } }
    }
    case 'SLA_WARNING':
    case 'SLA_BREACHED': {
      const state = type === 'SLA_WARNING' ? 'is about to be missed' : 'was missed'
      const text = `The ${targetIn(data)} of ticket #${number} ${state}.`
      return { kind: type, text, to: { agentIds: assignee, leads: 'otherwise' } }
    }
    case 'FOLLOW_UP_DUE':
      return { kind: type, text: `Ticket #${number} is to be looked at again.`, to: { agentIds: assignee } }
    case 'DELIVERY_FAILED': {
      const to = messageId === undefined ? {} : { authorOf: messageId }
      return { kind: type, text: `Your message on ticket #${number} could not be delivered.`, to }
    }
    default:
      return null
  }
}

function mentioned(data: Record<string, unknown> | undefined): string[] {
  const ids = data?.['mentionIds']
  return Array.isArray(ids) ? ids.filter((id): id is string => typeof id === 'string') : []
}

function targetIn(data: Record<string, unknown> | undefined): string {
  const metric = data?.['metric']
  return typeof metric === 'string' ? `${metric.toLowerCase().replaceAll('_', ' ')} target` : 'SLA target'
}

/** What is to be known of an active agent to tell them. */
export type Person = { id: string; role: string; teamIds: readonly string[] }

const seniors: readonly string[] = ['SENIOR_AGENT', 'TEAM_LEAD', 'MANAGER', 'ADMIN']

/** The agents of an audience, without the one who did it; at most `most`. Pure. `authorId`: of the message in `authorOf`. */
export function peopleIn(
  to: Audience,
  {
    people,
    doerId,
    authorId,
    most = 200,
  }: { people: readonly Person[]; doerId?: string; authorId?: string | null; most?: number },
): string[] {
  const isNamed = ({ id, role, teamIds }: Person) =>
    (to.agentIds?.includes(id) ?? false) ||
    (to.teamId != null && teamIds.includes(to.teamId) && (!to.isSenior || seniors.includes(role))) ||
    (to.authorOf !== undefined && id === authorId)
  const named = people.filter(isNamed)
  const isEnough = to.leads === undefined || (to.leads === 'otherwise' && hasAnswerable(named, to))
  const leads = isEnough ? [] : leadsOf(people)
  const ids = new Set([...named, ...leads].map(({ id }) => id))
  if (doerId !== undefined) ids.delete(doerId)
  return [...ids].slice(0, most)
}

// An escalation to a team needs somebody of that team: the assignee asked for help.
const hasAnswerable = (named: readonly Person[], { teamId }: Audience): boolean =>
  teamId == null ? named.length > 0 : named.some(({ teamIds }) => teamIds.includes(teamId))

/** A business without team leads has managers. */
function leadsOf(people: readonly Person[]): readonly Person[] {
  const leads = people.filter(({ role }) => role === 'TEAM_LEAD')
  return leads.length > 0 ? leads : people.filter(({ role }) => role === 'MANAGER' || role === 'ADMIN')
}
