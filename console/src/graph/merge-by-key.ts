import type { FieldMergeFunction, StoreObject } from '@apollo/client'

/**
 * How a list of things without ids is written over itself: each part keeps what an earlier, fuller answer said of the one with the same key. Otherwise a
 * row that asks for less would take away what another view shows, and the two would fetch in turn.
 */
export const mergeByKey =
  (key: string): FieldMergeFunction<readonly StoreObject[], readonly StoreObject[]> =>
  (existing, incoming, { readField, mergeObjects }) => {
    if (!existing) return incoming
    const keyOf = (item: StoreObject | undefined) => item && readField(key, item)
    return incoming.map((item, index) => {
      const sameAt = keyOf(existing[index]) === keyOf(item) ? existing[index] : undefined
      const known = sameAt ?? existing.find((one) => keyOf(one) === keyOf(item))
      return known ? mergeObjects(known, item) : item
    })
  }
