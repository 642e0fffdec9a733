import { z } from 'zod'

/** Where Intelligence says that what others may have kept of customers is not true any more; unfiltered, after commit, to whoever keeps something. */
export const revisionChannel = 'insight:revised'

const schema = z.object({
  /** null: everybody's */
  tenantId: z.string().nullable(),
  /** null: all of the tenant's */
  customerIds: z.array(z.string()).nullable(),
})

export type Revision = Readonly<z.output<typeof schema>>

/** As it travels. */
export const encodeRevision = (revision: Revision): string => JSON.stringify(revision)

/** What is no revision, as from a later version of the sender, concerns everybody: it must not leave anything old in place. */
export function decodeRevision(message: string): Revision {
  try {
    return schema.parse(JSON.parse(message))
  } catch {
    return { tenantId: null, customerIds: null }
  }
}
