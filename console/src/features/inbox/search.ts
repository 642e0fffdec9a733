/** What narrows the inbox, as the address holds it; there is no order to choose. */
export type InboxSearch = { queue?: string; channel?: string; mine?: true }

export function inboxSearch(search: Record<string, unknown>): InboxSearch {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
  const [queue, channel] = [text(search['queue']), text(search['channel'])]
  return {
    ...(queue !== undefined && { queue }),
    ...(channel !== undefined && { channel }),
    ...(search['mine'] === true && { mine: true }),
  }
}
