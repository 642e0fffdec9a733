import { holds } from '../common/conditions.ts'
import type { CalendarVersion, SlaPolicyVersion, SlaRules, SlaSubject } from './clock.ts'

/** What a policy's conditions may ask for. */
export const subjectFields = {
  priority: ['URGENT', 'HIGH', 'NORMAL', 'LOW'],
  channel: ['EMAIL', 'SMS', 'PHONE', 'CHAT', 'FORM'],
  queueId: 'text',
  teamId: 'text',
  tags: 'labels',
  category: 'text',
  isVip: 'boolean',
} as const

/** The policy that promises something about such a ticket at an instant (milliseconds): the first in order whose version in force matches. */
export function policyOf({ policies }: SlaRules, subject: SlaSubject, at: number): SlaPolicyVersion | null {
  const inForce = new Map<string, SlaPolicyVersion>()
  for (const policy of policies) {
    const other = inForce.get(policy.id)
    if (Date.parse(policy.from) <= at && (!other || other.version < policy.version)) inForce.set(policy.id, policy)
  }
  const matching = [...inForce.values()].filter(
    ({ isActive, conditions }) => isActive && holds(conditions, { is: subject }),
  )
  matching.sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1))
  return matching[0] ?? null
}

/** The version of a calendar in force at an instant (milliseconds); before the first one, that. */
export function calendarOf({ calendars }: SlaRules, id: string, at: number): CalendarVersion | null {
  const versions = calendars.filter((calendar) => calendar.id === id).toSorted((a, b) => a.version - b.version)
  return versions.findLast(({ from }) => Date.parse(from) <= at) ?? versions[0] ?? null
}

/** Of each id the newest version. */
export function newestOf<T extends { id: string; version: number }>(versions: readonly T[]): T[] {
  const newest = new Map<string, T>()
  for (const one of versions) if ((newest.get(one.id)?.version ?? 0) < one.version) newest.set(one.id, one)
  return [...newest.values()]
}
