import { decodeCursor, encodeCursor } from '@quimbi/service/cursors.ts'
import { codedError } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import { z } from 'zod'

/** What of an export is asked for. */
export type Asked = { after: string | null; updatedSince: Date | null; limit: number }

const asked = z.strictObject({
  after: z.string().optional(),
  updatedSince: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .optional(),
  limit: z.coerce.number().int().min(1).max(1_000_000_000).optional(),
})

const kind = 'insight-export'

/** The place after a customer. */
export const cursorAfter = (tenantId: string, customerId: string): string => encodeCursor([kind, tenantId, customerId])

/** BAD_USER_INPUT for parameters that are unknown or damaged, and for a cursor of another tenant or list. */
export function askedBy(query: unknown, tenantId: string): Asked {
  const given = asked.safeParse(query)
  if (!given.success)
    throw codedError('BAD_USER_INPUT', 'The export takes after (a cursor), updatedSince (RFC 3339) and limit (from 1).')
  const { after, updatedSince = null, limit = Infinity } = given.data
  return { after: after === undefined ? null : customerIn(after, tenantId), updatedSince, limit }
}

function customerIn(cursor: string, tenantId: string): string {
  const [of, tenant, customerId] = decodeCursor(cursor, ['string', 'string', 'string'])
  if (of !== kind || tenant !== tenantId || !isUuid(customerId))
    throw codedError('BAD_USER_INPUT', 'The cursor is not one of this export.')
  return customerId
}
