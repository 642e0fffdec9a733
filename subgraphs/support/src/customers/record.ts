import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import { instant } from '../common/instant.ts'
import { labels, text } from '../common/text.ts'
import { isTimeZone } from '../common/time-zone.ts'
import { distinctRefs, type GivenRef } from './given-refs.ts'
import type { Ref } from './refs.ts'

type Optional<T> = T | null | undefined

/** A customer to import. What is undefined stays as it is; null clears. A name of null means: only seen so far. */
export type CustomerRecord = {
  id?: Optional<string>
  name?: Optional<string>
  email?: Optional<string>
  phone?: Optional<string>
  locale?: Optional<string>
  timeZone?: Optional<string>
  tags?: Optional<readonly string[]>
  isVip?: Optional<boolean>
  createdAt?: Optional<Date>
  lastContactAt?: Optional<Date>
  externalRefs?: Optional<readonly GivenRef[]>
}

/** The columns that an import writes, in the one spelling in which they are compared. */
export type CustomerFields = {
  name: string | null
  email: string | null
  phone: string | null
  locale: string | null
  timeZone: string | null
  tags: string[]
  isVip: boolean
  createdAt: Date
  lastContactAt: Date | null
}

/** A checked record: only the fields that it speaks of. */
export type CheckedCustomer = { id: string | null; refs: Ref[]; fields: Partial<CustomerFields> }

/** Checks one record; throws UserErrors. Pure. */
export function checkCustomer(record: CustomerRecord, path: string[]): CheckedCustomer {
  const at = (field: string) => [...path, field]
  const optional = (field: 'name' | 'phone' | 'locale', max: number) => {
    const value = record[field]
    return value === undefined ? {} : { [field]: value === null ? null : text(value, { path: at(field), max }) }
  }
  const refs = distinctRefs(record.externalRefs ?? [], { path: at('externalRefs'), max: 1_000 })
  const { id, email, timeZone, tags, isVip, createdAt, lastContactAt } = record
  if (id && !isUuid(id)) refuse('INVALID', 'id is no UUID.', at('id'))
  if (!id && refs.length === 0) {
    refuse('REQUIRED', 'A customer needs an id or an external reference, so that a second run adds nothing.', at('id'))
  }
  if (email && !/^[^\s@]+@[^\s@]+$/.test(email.trim())) refuse('INVALID', 'email is no address.', at('email'))
  if (timeZone && !isTimeZone(timeZone)) refuse('INVALID', 'timeZone is no IANA time zone.', at('timeZone'))
  const fields = {
    ...optional('name', 200),
    ...(email !== undefined && {
      email: email === null ? null : text(email, { path: at('email'), max: 320 }).toLowerCase(),
    }),
    ...optional('phone', 50),
    ...optional('locale', 35),
    ...(timeZone !== undefined && { timeZone: timeZone || null }),
    ...(tags !== undefined && { tags: labels(tags, at('tags')) }),
    ...(isVip !== undefined && { isVip: isVip ?? false }),
    ...(createdAt && { createdAt: instant(createdAt, at('createdAt')) }),
    ...(lastContactAt && { lastContactAt: instant(lastContactAt, at('lastContactAt')) }),
  }
  return { id: id ? id.toLowerCase() : null, refs, fields }
}
