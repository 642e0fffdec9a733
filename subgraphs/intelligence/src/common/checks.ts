import { UserErrors, refuse, type UserError } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import { isDeepStrictEqual } from 'node:util'

type Optional<T> = T | null | undefined

/** How a caller names a customer: by our id or by the source's own. */
export type GivenCustomer = { id?: Optional<string>; externalId?: Optional<string> }
/** The same, checked. */
export type CheckedCustomer = { id: string; externalId: null } | { id: null; externalId: string }

const dayMs = 86_400_000

/** An instant as ISO text, from 1970 to a day ahead: clocks differ. */
export function instant(value: Date, now: Date, path: string[]): string {
  const time = value.getTime()
  if (Number.isNaN(time) || time < 0) refuse('INVALID', 'An instant lies after 1970.', path)
  if (time > now.getTime() + dayMs) refuse('INVALID', 'This lies in the future.', path)
  return value.toISOString()
}

/** Text of one line, trimmed; it may be empty. */
export function words(value: string, max: number, path: string[]): string {
  const trimmed = value.trim()
  if (trimmed.length > max) refuse('TOO_LONG', `At most ${max} characters.`, path)
  // PostgreSQL refuses NUL and half a surrogate pair in JSON, and with it the whole batch.
  if (/[\u0000-\u001F\u007F]/.test(trimmed) || !trimmed.isWellFormed())
    refuse('INVALID', 'Control characters and broken ones are not allowed.', path)
  return trimmed
}

export const optionalWords = (value: Optional<string>, max: number, path: string[]): string | null =>
  words(value ?? '', max, path) || null

/** The same, never empty. */
export function word(value: string, max: number, path: string[]): string {
  return words(value, max, path) || refuse('REQUIRED', 'It must not be empty.', path)
}

/** Whose something is. */
export function owner({ id, externalId }: GivenCustomer, path: string[]): CheckedCustomer {
  if (id && externalId) refuse('INVALID', 'Name the customer by id or by externalId, not both.', path)
  if (id)
    return isUuid(id)
      ? { id: id.toLowerCase(), externalId: null }
      : refuse('INVALID', 'This is no customer id.', [...path, 'id'])
  if (externalId) return { id: null, externalId: word(externalId, 200, [...path, 'externalId']) }
  return refuse('REQUIRED', 'A customer is needed: id or externalId.', path)
}

/** Free-form JSON of a limited size that PostgreSQL can hold: an object, or null for none. */
export function bag(value: unknown, maxBytes: number, path: string[]): Record<string, unknown> | null {
  if (value === null || value === undefined) return null
  if (typeof value !== 'object' || Array.isArray(value)) refuse('INVALID', 'This is to be a JSON object.', path)
  let isBroken = false
  const text = JSON.stringify(value, (key, item: unknown) => {
    isBroken ||= isUnstorable(key) || (typeof item === 'string' && isUnstorable(item))
    return item
  })
  if (Buffer.byteLength(text) > maxBytes) refuse('TOO_LONG', `At most ${maxBytes} bytes of JSON.`, path)
  if (isBroken) refuse('INVALID', 'Broken characters are not allowed.', path)
  return value as Record<string, unknown>
}

const isUnstorable = (text: string): boolean => text.includes('\u0000') || !text.isWellFormed()

/** A batch in the input: `input.<list>[n].<item>`. */
export type Place = { list: string; item: string }

/** The items of a batch that may be taken, and why the others may not. One that comes twice is taken once, if the two are the same. Pure. */
export function checkAll<Given, Checked extends { id: string; externalId: string }>(
  items: readonly Given[],
  { list, item }: Place,
  check: (given: Given, path: string[]) => Checked,
): { valid: Checked[]; errors: UserError[] } {
  const valid = new Map<string, Checked>()
  const errors: UserError[] = []
  items.forEach((given, index) => {
    const path = ['input', list, String(index)]
    try {
      const checked = check(given, path)
      const twin = valid.get(checked.id)
      if (twin && !isDeepStrictEqual(twin, checked)) {
        const place = [...path, item, 'externalId']
        refuse('CONFLICT', `The ${item} ${checked.externalId} is in this batch twice, and they differ.`, place)
      }
      valid.set(checked.id, checked)
    } catch (error) {
      if (!(error instanceof UserErrors)) throw error
      errors.push(...error.errors)
    }
  })
  return { valid: [...valid.values()], errors }
}
