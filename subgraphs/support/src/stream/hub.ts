import { createLogHub, type HubOptions, type LogHub } from '@quimbi/subgraph/hub.ts'
import type { TicketEntry } from '../log/entries.ts'
import { ticketEventTypes } from '../log/ticket-events.ts'

/** The tail of Support's log. */
export type Hub = LogHub<TicketEntry>

export const createHub = (options: Omit<HubOptions, 'name' | 'types'>): Hub =>
  createLogHub({ ...options, name: 'support', types: ticketEventTypes })
