import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { bag, instant, word } from '../common/checks.ts'
import { checkSource, requireSender } from '../common/intake.ts'
import type { Db } from '../database.ts'
import { markStale } from '../profiles/stale.ts'
import { isCountry } from './countries.ts'
import { meetAs, meetCustomers } from './meet.ts'

type Optional<T> = T | null | undefined

/** What a source says of a customer: what is left out stays as it is, null empties it. */
export type CustomerSync = {
  source: string
  externalId: string
  customerId?: Optional<string>
  firstSeenAt?: Optional<Date>
  countryCode?: Optional<string>
  attributes?: unknown
}

const maxAttributes = 50
const maxAttributesBytes = 10_000

/**
 * Takes over what a source knows of a customer. Idempotent. With `customerId` the source's id becomes one of that customer's.
 * @throws UserErrors also CONFLICT where the source's id is another customer's
 */
export async function syncCustomer(
  tx: Db,
  viewer: Viewer,
  input: CustomerSync,
  now: Date,
): Promise<{ customer: { id: string } }> {
  requireSender(viewer)
  const { tenantId } = viewer
  const place = { tenantId, source: checkSource(input.source), now }
  const externalId = word(input.externalId, 200, ['input', 'externalId'])
  const columns = columnsOf(input, now)
  const id = input.customerId
    ? await meetAs(tx, place, { externalId, customerId: customerId(input.customerId) })
    : ((await meetCustomers(tx, place, [{ id: null, externalId }]))[0] ?? '')
  if (id === null)
    return refuse('CONFLICT', 'The source’s id belongs to another customer; merge the two.', ['input', 'customerId'])
  const changed = await tx.$executeRawUnsafe(update, tenantId, id, JSON.stringify(columns))
  if (changed > 0) await markStale(tx, tenantId, [id], now)
  return { customer: { id } }
}

// A key that is missing leaves its column alone.
const update = `
  UPDATE customer AS c SET first_seen_at = said.first_seen_at, country_code = said.country_code, attributes = said.attributes
  FROM (
    SELECT CASE WHEN given ? 'firstSeenAt' THEN (given ->> 'firstSeenAt')::timestamptz ELSE first_seen_at END AS first_seen_at,
      CASE WHEN given ? 'countryCode' THEN given ->> 'countryCode' ELSE country_code END AS country_code,
      CASE WHEN given ? 'attributes' THEN nullif(given -> 'attributes', 'null') ELSE attributes END AS attributes
    FROM customer, (SELECT $3::jsonb AS given) AS input WHERE tenant_id = $1::uuid AND id = $2::uuid
  ) AS said
  WHERE c.tenant_id = $1::uuid AND c.id = $2::uuid
    AND (c.first_seen_at, c.country_code, c.attributes) IS DISTINCT FROM (said.first_seen_at, said.country_code, said.attributes)`

const customerId = (id: string): string =>
  isUuid(id) ? id.toLowerCase() : refuse('INVALID', 'This is no customer id.', ['input', 'customerId'])

/** Those that were given, checked. */
function columnsOf({ firstSeenAt, countryCode, attributes }: CustomerSync, now: Date) {
  return {
    ...(firstSeenAt !== undefined && {
      firstSeenAt: firstSeenAt && instant(firstSeenAt, now, ['input', 'firstSeenAt']),
    }),
    ...(countryCode !== undefined && { countryCode: countryCode === null ? null : country(countryCode) }),
    ...(attributes !== undefined && { attributes: flat(attributes) }),
  }
}

function country(code: string): string {
  const upper = code.toUpperCase()
  return isCountry(upper)
    ? upper
    : refuse('INVALID', 'This is no ISO 3166 code of two letters.', ['input', 'countryCode'])
}

function flat(value: unknown): Record<string, unknown> | null {
  const path = ['input', 'attributes']
  const attributes = bag(value, maxAttributesBytes, path)
  const entries = Object.entries(attributes ?? {})
  if (entries.length > maxAttributes) refuse('LIMIT_EXCEEDED', `At most ${maxAttributes} attributes.`, path)
  for (const [key, item] of entries) {
    word(key, 100, path)
    if (typeof item === 'object' && item !== null)
      refuse('INVALID', 'An attribute is a word, number or flag.', [...path, key])
  }
  return attributes
}
