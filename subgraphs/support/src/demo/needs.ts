import { refuse } from '@quimbi/service/errors.ts'
import type { Ticket } from '../../generated/prisma/client.ts'

/** Refuses to play with a ticket of a real customer's. */
export function needDemoTicket({ isDemo }: Pick<Ticket, 'isDemo'>, path: string[]): void {
  if (!isDemo) refuse('INVALID', 'This is no demo ticket.', path)
}
