import type { Scope } from '../../../keys/service.ts'

/** Chapters of operations, in the order in which they are shown. */
export const groups = {
  insight: 'Insight of customers',
  lists: 'Lists and figures',
  advice: 'Advice',
  reading: 'Reading messages',
  writing: 'Writing messages',
  sending: 'Sending data',
  live: 'Changes as they happen',
  account: 'Your key',
} as const

export type Group = keyof typeof groups

/** An operation that can be run as it stands, once the ids are the reader's own. */
export type Example = {
  group: Group
  /** All that the key needs to run it. */
  scopes: readonly Scope[]
  document: string
  variables?: Readonly<Record<string, unknown>>
}

/** Stand for the reader's own ids; the explorer puts those in, and so do the tests. */
export const sampleIds = {
  customer: '00000000-0000-7000-8000-00000000c001',
  otherCustomer: '00000000-0000-7000-8000-00000000c002',
  archetype: 'YOUR_ARCHETYPE_ID',
  webhook: '00000000-0000-7000-8000-00000000e001',
} as const

export type SampleIds = Readonly<Record<keyof typeof sampleIds, string>>

/** The same example with other ids. */
export const withIds = (variables: Example['variables'], ids: Partial<SampleIds>): Record<string, unknown> =>
  JSON.parse(
    Object.entries(sampleIds).reduce(
      (text, [name, sample]) => text.replaceAll(sample, ids[name as keyof SampleIds] ?? sample),
      JSON.stringify(variables ?? {}),
    ),
  ) as Record<string, unknown>

/** A customer who is passed in rather than known. */
export const passedIn = {
  customerId: 'your-customer-711',
  orders: [
    {
      externalId: 'A-1001',
      placedAt: '2026-06-12T10:15:00.000Z',
      total: '64.00',
      currencyCode: 'USD',
      items: [{ sku: 'MUG-07', title: 'Stoneware mug', category: 'Kitchen', quantity: 2, unitPrice: '32.00' }],
    },
    { externalId: 'A-1044', placedAt: '2026-08-03T18:40:00.000Z', total: '48.50', currencyCode: 'USD' },
    { externalId: 'A-1102', placedAt: '2026-10-21T08:05:00.000Z', total: '71.20', currencyCode: 'USD' },
  ],
}
