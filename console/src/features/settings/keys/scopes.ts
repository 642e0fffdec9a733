export const scopes = [
  { value: 'insight:read', label: 'Read insight', hint: 'Ask what is known of customers.' },
  { value: 'ingest', label: 'Send data', hint: 'Orders, events and interactions.' },
  { value: 'generate', label: 'Have texts written', hint: 'Drafts, campaigns, summaries.' },
] as const

const dayMs = 86_400_000

/** When a key ends by itself; '' for never. */
export const lifetimes = [
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
  { value: '', label: 'Never' },
] as const

export const endAfter = (days: string, now: number): string | null =>
  days === '' ? null : new Date(now + Number(days) * dayMs).toISOString()
