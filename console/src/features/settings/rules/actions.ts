import { words } from '../../../shared/format.ts'
import type { Choice } from '../parts/check-list.tsx'
import { durationText } from '../parts/duration.ts'

/** What a rule can do, as it is chosen. */
export const actionWords = {
  assign: 'Assign it',
  queue: 'Move it to a queue',
  team: 'Give it to a team',
  priority: 'Set its priority',
  status: 'Set its status',
  tag: 'Add tags',
  untag: 'Remove tags',
  skills: 'Ask for skills',
  escalate: 'Escalate it',
  notify: 'Notify somebody',
  followUp: 'Plan a follow-up',
  note: 'Add a note',
  webhook: 'Send it to a webhook',
  draft: 'Have a reply drafted',
} as const

export type ActionKind = keyof typeof actionWords
export const actionKinds = Object.keys(actionWords) as ActionKind[]

/** An action while it is edited: what it does, and with what. */
export type ActionDraft = { key: number; kind: ActionKind; given: Record<string, unknown> }

/** What a new action of a kind begins with. */
export const freshAction: Record<ActionKind, Record<string, unknown>> = {
  assign: { strategy: 'BEST_FIT' },
  queue: { id: '' },
  team: { id: '' },
  priority: { priority: 'HIGH' },
  status: { status: 'OPEN' },
  tag: { tags: [] },
  untag: { tags: [] },
  skills: { skills: [] },
  escalate: { reason: '', toSenior: true },
  notify: { role: 'TEAM_LEAD', text: '' },
  followUp: { inSeconds: 86_400 },
  note: { text: '' },
  webhook: { endpointId: '' },
  draft: {},
}

const isKind = (kind: string): kind is ActionKind => Object.hasOwn(actionWords, kind)

/** A rule's actions to edit; those of no kind known here are left out. */
export function draftsOf(actions: unknown): ActionDraft[] {
  if (!Array.isArray(actions)) return []
  return (actions as Record<string, Record<string, unknown>>[]).flatMap((action, key) => {
    const [entry] = Object.entries(action)
    return entry && isKind(entry[0]) ? [{ key, kind: entry[0], given: entry[1] }] : []
  })
}

export const sentActions = (drafts: readonly ActionDraft[]): unknown[] =>
  drafts.map(({ kind, given }) => ({ [kind]: given }))

type Named = { agents: readonly Choice[]; teams: readonly Choice[]; queues: readonly Choice[] }

/** "Escalate it", "Set its priority: High": one line for each action. */
export const actionLines = (actions: unknown, named: Named): string[] =>
  draftsOf(actions).map(({ kind, given }) => {
    const about = aboutAction(kind, given, named)
    return about ? `${actionWords[kind]}: ${about}` : actionWords[kind]
  })

function aboutAction(kind: ActionKind, given: Record<string, unknown>, { agents, teams, queues }: Named): string {
  const name = (choices: readonly Choice[], id: unknown) => choices.find(({ value }) => value === id)?.label ?? ''
  switch (kind) {
    case 'assign':
      return given['strategy'] ? words(String(given['strategy'])) : name(agents, given['agentId'])
    case 'queue':
      return name(queues, given['id'])
    case 'team':
      return name(teams, given['id'])
    case 'priority':
    case 'status':
      return words(String(given[kind]))
    case 'tag':
    case 'untag':
      return (given['tags'] as string[]).join(', ')
    case 'skills':
      return (given['skills'] as string[]).join(', ')
    case 'notify':
      return given['role'] ? words(String(given['role'])) : name(teams, given['teamId'])
    case 'followUp':
      return `in ${durationText(Number(given['inSeconds']))}`
    default:
      return ''
  }
}
