import type { Channel, TicketFilter } from '../../graph/generated/schema.ts'

export const channels = ['EMAIL', 'CHAT', 'SMS', 'PHONE', 'FORM'] as const satisfies readonly Channel[]

/** What narrows the inbox, or what is looked for, as the address holds it; there is no order to choose. */
export type InboxSearch = { queue?: string; channel?: Channel; whose?: 'mine' | 'nobody'; q?: string }

export function inboxSearch(search: Record<string, unknown>): InboxSearch {
  const { queue, channel, whose, q } = search
  return {
    ...(typeof queue === 'string' && queue !== '' && { queue }),
    ...(channels.some((one) => one === channel) && { channel: channel as Channel }),
    ...((whose === 'mine' || whose === 'nobody') && { whose }),
    // A number that is looked for is read as one from the address.
    ...((typeof q === 'string' || typeof q === 'number') && String(q) !== '' && { q: String(q) }),
  }
}

/** The inbox holds what is open; said, so that what is closed leaves its stream of events. */
export const filterOf = ({ queue, channel, whose }: InboxSearch, viewerId: string): TicketFilter => ({
  status: ['OPEN'],
  ...(queue !== undefined && { queueId: queue }),
  ...(channel !== undefined && { channel: [channel] }),
  ...(whose === 'mine' && { assigneeId: viewerId }),
  ...(whose === 'nobody' && { unassigned: true }),
})

export const isNarrowed = ({ queue, channel, whose }: InboxSearch): boolean =>
  queue !== undefined || channel !== undefined || whose !== undefined
