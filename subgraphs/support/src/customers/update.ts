import { refuse } from '@quimbi/service/errors.ts'
import { differences } from '@quimbi/service/field-changes.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Customer } from '../../generated/prisma/client.ts'
import { need } from '../agents/permissions.ts'
import { recordAudit } from '../audit/record.ts'
import { labels, text } from '../common/text.ts'
import { isTimeZone } from '../common/time-zone.ts'
import type { Db } from '../database.ts'
import { doerOf } from '../log/actors.ts'
import { holdRecord } from './find.ts'

type Optional<T> = T | null | undefined

export type CustomerChanges = {
  id: string
  name?: Optional<string>
  email?: Optional<string>
  phone?: Optional<string>
  locale?: Optional<string>
  timeZone?: Optional<string>
  tags?: Optional<readonly string[]>
  isVip?: Optional<boolean>
}

const path = (field: string): string[] => ['input', field]

/** What of a customer an audit entry shows. */
export const shownOfCustomer = ['name', 'email', 'phone', 'locale', 'timeZone', 'tags', 'isVip'] as const

/** Changes a customer. Null clears address, phone, language and time zone. */
export async function updateCustomer(tx: Db, viewer: Viewer, input: CustomerChanges, now: Date): Promise<Customer> {
  need(viewer, 'customer:write')
  const { tenantId } = viewer
  // Held before it is looked at: what is written must not bring back what an erasure takes away just now.
  const customer = await holdRecord(tx, tenantId, input.id)
  if (!customer) return refuse('NOT_FOUND', 'There is no such customer.', path('id'))
  if (customer.erasedAt) return refuse('CONFLICT', 'This person asked to be forgotten.', path('id'))
  const after = { ...customer, ...changesOf(input) }
  const changes = differences(customer, after, shownOfCustomer)
  if (changes.length === 0) return customer
  const where = { tenantId, id: customer.id }
  const data = Object.fromEntries(changes.map(({ field, to }) => [field, to]))
  await tx.customer.updateMany({ where, data: { ...data, updatedAt: now } })
  const subject = { subjectType: 'customer', subjectId: customer.id }
  await recordAudit(tx, { tenantId, who: doerOf(viewer), now, action: 'customer.changed', ...subject, changes })
  return tx.customer.findFirstOrThrow({ where })
}

function changesOf({ name, email, phone, locale, timeZone, tags, isVip }: CustomerChanges): Partial<Customer> {
  if (timeZone && !isTimeZone(timeZone)) refuse('INVALID', 'timeZone is no IANA time zone.', path('timeZone'))
  const optional = (value: string | null, field: string, max: number) =>
    value === null ? null : text(value, { path: path(field), max })
  return {
    ...(typeof name === 'string' && { name: text(name, { path: path('name'), max: 200 }) }),
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone: optional(phone, 'phone', 50) }),
    ...(locale !== undefined && { locale: optional(locale, 'locale', 35) }),
    ...(timeZone !== undefined && { timeZone }),
    ...(tags && { tags: labels(tags, path('tags')) }),
    ...(typeof isVip === 'boolean' && { isVip }),
  }
}
