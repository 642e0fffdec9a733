import type { ExportedCustomer } from '@quimbi/support/customers/export.ts'
import type { CustomerRecord } from '@quimbi/support/customers/record.ts'
import { z } from 'zod'
import { formatList, formatRefs, parseList, parseRefs } from '../lists.ts'
import { booleanCell, byColumn, optionalInstant, optionalString, string } from './shape.ts'

const record: z.ZodType<CustomerRecord> = z.object({
  id: optionalString,
  name: optionalString,
  email: optionalString,
  phone: optionalString,
  locale: optionalString,
  timeZone: optionalString,
  tags: z.array(string).nullish(),
  isVip: z.boolean().nullish(),
  createdAt: optionalInstant,
  lastContactAt: optionalInstant,
  externalRefs: z.array(z.object({ source: string, id: string })).nullish(),
})

const columns = [
  ...[
    'id',
    'name',
    'email',
    'phone',
    'locale',
    'timeZone',
    'tags',
    'isVip',
    'createdAt',
    'lastContactAt',
    'externalRefs',
  ],
] as const

/** Customers as canonical records: JSON lines, or CSV with tags as `a|b` and references as `source:id|source:id`. */
export const customers = {
  record,
  columns,
  /** columns without which a CSV file is of another kind */
  required: ['name'] as readonly string[],
  fromCells(header: readonly string[], cells: readonly string[]): object | string {
    const row = byColumn(header, cells)
    if (typeof row === 'string') return row
    const { tags, isVip, externalRefs, ...rest } = row
    const refs = externalRefs ? parseRefs(externalRefs) : []
    if (!refs) return 'externalRefs: not source:id'
    return {
      ...rest,
      ...(tags !== undefined && { tags: parseList(tags ?? '') }),
      ...(isVip !== undefined && { isVip: booleanCell(isVip) }),
      externalRefs: refs,
    }
  },
  cells: (customer: ExportedCustomer): (string | null)[] => [
    ...[customer.id, customer.name, customer.email, customer.phone, customer.locale, customer.timeZone],
    ...[formatList(customer.tags), String(customer.isVip), customer.createdAt, customer.lastContactAt],
    formatRefs(customer.externalRefs),
  ],
}
