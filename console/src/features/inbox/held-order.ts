import { byPlace, createOrder, type Place } from './order.ts'

/** What became of a ticket: where it stands now, or null where it is in the inbox no longer. */
export type Move = { id: string; place: Place | null }

/** Where the pages that were read end; null where that is the end of the inbox. */
export type Horizon = Pick<Place, 'id' | 'key'> | null

/**
 * The inbox as it is (`move`, `extend`, `restart`), and as it is shown. While it is held, what is shown stands still, and what happened is counted; the
 * rest of a long list may still be read on. The open ticket keeps its place until another is opened.
 */
export type HeldOrder = {
  readonly length: number
  at(index: number): Place | undefined
  indexOf(id: string): number
  find(number: number): Place | undefined
  /** How many tickets stand elsewhere than they are shown. */
  readonly waiting: number
  hold(isHeld: boolean): void
  /** Shows what is waiting, though it may be held: what comes after is held again. */
  apply(): void
  pin(id: string | null): void
  move(moves: readonly Move[]): void
  /** A further page of the list. */
  extend(places: readonly Place[], horizon: Horizon): void
  /** The list read afresh. */
  restart(places: readonly Place[], horizon: Horizon): void
  readonly isWhole: boolean
  readonly size: number
}

export function createHeldOrder(): HeldOrder {
  const order = createOrder()
  let horizon: Horizon = null
  let isHeld = false
  /** What is shown while held; null as long as that is the order itself. */
  let frozen: { places: Place[]; indexes: Map<string, number> } | null = null
  const moved = new Set<string>()
  let pinned: { place: Place; index: number } | null = null

  const shownLength = (): number => {
    if (frozen) return frozen.places.length
    return order.length + (pinned && order.indexOf(pinned.place.id) === -1 ? 1 : 0)
  }
  /** The open ticket's index; it may be beyond the end of what became shorter. */
  const pinnedAt = (): number => (pinned ? Math.min(pinned.index, shownLength() - 1) : -1)
  const shownAt = (index: number): Place | undefined => {
    if (frozen) return frozen.places[index]
    if (!pinned) return order.at(index)
    const here = pinnedAt()
    if (index === here) return order.get(pinned.place.id) ?? pinned.place
    const own = order.indexOf(pinned.place.id)
    const among = index < here ? index : index - 1
    return order.at(own !== -1 && among >= own ? among + 1 : among)
  }
  const shownIndexOf = (id: string): number => {
    if (frozen) return frozen.indexes.get(id) ?? -1
    if (!pinned) return order.indexOf(id)
    if (pinned.place.id === id) return pinnedAt()
    const index = order.indexOf(id)
    if (index === -1) return -1
    const own = order.indexOf(pinned.place.id)
    const among = own !== -1 && index > own ? index - 1 : index
    return among < pinnedAt() ? among : among + 1
  }
  const freeze = () => {
    if (!isHeld || frozen) return
    const places = Array.from({ length: shownLength() }, (_, index) => shownAt(index) as Place)
    frozen = { places, indexes: new Map(places.map(({ id }, index) => [id, index])) }
  }
  const thaw = () => {
    if (pinned && frozen) pinned = { ...pinned, index: frozen.indexes.get(pinned.place.id) ?? pinned.index }
    frozen = null
    moved.clear()
  }
  const isWithin = (place: Place): boolean => horizon === null || byPlace(place, horizon) <= 0
  const settle = ({ id, place }: Move): boolean => (place && isWithin(place) ? order.put(place) : order.remove(id))

  return {
    get length() {
      return shownLength()
    },
    at: shownAt,
    indexOf: shownIndexOf,
    find(number) {
      if (pinned?.place.number === number) return pinned.place
      const places = frozen?.places ?? order.all()
      return places.find((place) => place.number === number)
    },
    get waiting() {
      return moved.size
    },
    hold(next) {
      isHeld = next
      if (!isHeld) thaw()
    },
    apply: thaw,
    pin(id) {
      if (pinned?.place.id === id) return
      const index = id === null ? -1 : shownIndexOf(id)
      const place = index === -1 ? undefined : shownAt(index)
      // What the last open ticket kept waiting would else move under the pointer.
      if (pinned) freeze()
      if (pinned && frozen && pinned.index !== order.indexOf(pinned.place.id)) moved.add(pinned.place.id)
      pinned = place ? { place, index } : null
    },
    move(moves) {
      for (const one of moves) {
        freeze()
        const isKnown = order.get(one.id) !== undefined
        if (!settle(one) || !frozen) continue
        // Came and went while it was held: there is nothing to show of it.
        if (isKnown && order.get(one.id) === undefined && !frozen.indexes.has(one.id)) moved.delete(one.id)
        else moved.add(one.id)
      }
    },
    extend(places, next) {
      horizon = next
      for (const place of places) {
        order.put(place)
        if (!frozen || frozen.indexes.has(place.id)) continue
        frozen.indexes.set(place.id, frozen.places.length)
        frozen.places.push(place)
      }
    },
    restart(places, next) {
      freeze()
      const before = order.all()
      horizon = next
      order.replace(places)
      if (!frozen) return
      for (const { id } of before) if (!order.get(id)) moved.add(id)
      for (const { id } of order.all()) if (order.indexOf(id) !== frozen.indexes.get(id)) moved.add(id)
    },
    get isWhole() {
      return horizon === null
    },
    get size() {
      return order.length
    },
  }
}
