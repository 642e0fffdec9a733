import type { Situation } from '../situation.ts'

/** Ids as a model is told them: `order-1` says nothing, an id that is passed in may be a number that the customer knows. */
export function idsOf({ turns, orders, pastTickets, policies, customer }: Situation): {
  hide(id: string): string
  restore(id: string): string
} {
  const hidden = new Map<string, string>()
  const add = (kind: string, ids: readonly string[]) =>
    ids.forEach((id, index) => hidden.has(id) || hidden.set(id, `${kind}-${index + 1}`))
  add(
    'message',
    turns.map(({ id }) => id),
  )
  add(
    'order',
    orders.map(({ id }) => id),
  )
  add(
    'parcel',
    orders.flatMap(({ shipments }) => shipments.map(({ id }) => id)),
  )
  add(
    'ticket',
    pastTickets.map(({ id }) => id),
  )
  add(
    'policy',
    policies.map(({ id }) => id),
  )
  add('profile', customer ? [customer.id] : [])
  const originals = new Map([...hidden].map(([id, name]) => [name, id]))
  return { hide: (id) => hidden.get(id) ?? 'unknown', restore: (id) => originals.get(id) ?? id }
}
