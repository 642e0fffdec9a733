import { codedError } from '@quimbi/service/errors.ts'
import type { Loaders } from '../loaders.ts'
import { clocksOf, type CalendarVersion, type SlaClockState, type SlaPolicyVersion } from './clock.ts'
import { newestOf } from './rules.ts'

/** A ticket's clock, as it stands at the instant at which it was asked for. */
export type TicketClock = SlaClockState & { tenantId: string }
type Ids = { tenantId: string; id: string }

/** The clocks as they stand now, whatever was stored last. */
export async function clocksOfTicket(loaders: Loaders, { tenantId, id }: Ids, now: Date): Promise<TicketClock[]> {
  const [history, rules] = await Promise.all([loaders.slaHistoryByTicket.load(id), loaders.slaRules.load(tenantId)])
  return clocksOf(history, rules, now).map((clock) => ({ ...clock, tenantId }))
}

/** The version of the policy that a clock runs under. */
export async function policyOfClock(loaders: Loaders, clock: TicketClock): Promise<SlaPolicyVersion> {
  const { policies } = await loaders.slaRules.load(clock.tenantId)
  const policy = policies.find(({ id, version }) => id === clock.policyId && version === clock.policyVersion)
  if (!policy) throw codedError('NOT_FOUND', 'The policy is gone.')
  return policy
}

/** A calendar in its newest version. */
export async function newestCalendar(loaders: Loaders, { tenantId, id }: Ids): Promise<CalendarVersion | null> {
  const { calendars } = await loaders.slaRules.load(tenantId)
  return newestOf(calendars).find((calendar) => calendar.id === id) ?? null
}
