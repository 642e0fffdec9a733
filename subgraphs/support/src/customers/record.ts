import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import { labels, text } from '../common/text.ts'
import { isTimeZone } from '../common/time-zone.ts'
import { refKey, type Ref } from './refs.ts'

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
  externalRefs?: Optional<readonly { source: string; id: string }[]>
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
  const refs = distinctRefs(record.externalRefs ?? [], at('externalRefs'))
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

function instant(date: Date, path: string[]): Date {
  const year = date.getUTCFullYear()
  return year >= 1970 && year < 2200 ? date : refuse('INVALID', `${path.at(-1)} lies before 1970 or is no date.`, path)
}

function distinctRefs(refs: readonly { source: string; id: string }[], path: string[]): Ref[] {
  if (refs.length > 1_000) refuse('LIMIT_EXCEEDED', 'At most 1,000 external references.', path)
  const checked = refs.map(({ source, id }) => ({
    source: text(source, { path, max: 100 }),
    externalId: text(id, { path, max: 200 }),
  }))
  return [...new Map(checked.map((ref) => [refKey(ref), ref])).values()]
}
