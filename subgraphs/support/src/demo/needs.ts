import { refuse } from '@quimbi/service/errors.ts'
import type { Tenant, Ticket } from '../../generated/prisma/client.ts'

/** Refuses to play with a ticket of a real customer's. */
export function needDemoTicket({ isDemo }: Pick<Ticket, 'isDemo'>, path: string[]): void {
  if (!isDemo) refuse('INVALID', 'This is no demo ticket.', path)
}

type Mode = Pick<Tenant, 'isDemo' | 'demoMode'>

/** Whether anything is played on demo tickets: always in a demo business, in any other while its demo mode is on. Pure. */
export const isDemoOn = ({ isDemo, demoMode }: Mode): boolean => isDemo || demoMode

/** Refuses to play where the demo mode is off. */
export function needDemoMode(tenant: Mode, path: string[]): void {
  if (!isDemoOn(tenant)) refuse('INVALID', 'Switch the demo mode on first.', path)
}
