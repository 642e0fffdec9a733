import { derivedId } from '@quimbi/database/ids.ts'
import type { UserError } from '@quimbi/service/errors.ts'
import { bag, checkAll, instant, owner, word, type CheckedCustomer, type GivenCustomer } from '../common/checks.ts'

/** Most bytes of JSON text that an event's properties have. */
export const maxPropertiesBytes = 10_000

/** An event as a source sends it. */
export type GivenEvent = { externalId: string; at: Date; name: string; properties?: unknown }

export type CustomerEvent = { customer: GivenCustomer; event: GivenEvent }

/** A checked one; the instant is ISO text. */
export type CheckedEvent = { externalId: string; at: string; name: string; properties: Record<string, unknown> | null }

export type EventRow = CheckedEvent & { id: string; source: string; customer: CheckedCustomer }

/** Refuses an event that cannot be; `path` is its own place in the input. Pure. */
export function checkEvent({ externalId, at, name, properties }: GivenEvent, now: Date, path: string[]): CheckedEvent {
  return {
    externalId: word(externalId, 200, [...path, 'externalId']),
    at: instant(at, now, [...path, 'at']),
    name: word(name, 100, [...path, 'name']),
    properties: bag(properties, maxPropertiesBytes, [...path, 'properties']),
  }
}

/** The events of a batch that may be taken, and why the others may not. Pure. */
export function validateEvents(
  items: readonly CustomerEvent[],
  { tenantId, source, now }: { tenantId: string; source: string; now: Date },
): { valid: EventRow[]; errors: UserError[] } {
  return checkAll(items, { list: 'events', item: 'event' }, ({ customer, event }, path) => {
    const checked = checkEvent(event, now, [...path, 'event'])
    const id = derivedId(tenantId, 'event', source, checked.externalId)
    return { ...checked, id, source, customer: owner(customer, [...path, 'customer']) }
  })
}
