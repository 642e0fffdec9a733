/** A ticket's place in the inbox: the higher key stands first, of equal ones the lower id, as on the server. */
export type Place = { id: string; number: number; key: number }

/** Below zero where `a` stands before `b`. */
export const byPlace = (a: Pick<Place, 'id' | 'key'>, b: Pick<Place, 'id' | 'key'>): number =>
  b.key - a.key || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** Places in order. A change costs two binary searches, whatever the length. */
export type Order = {
  readonly length: number
  at(index: number): Place | undefined
  get(id: string): Place | undefined
  /** Where a ticket stands; -1 where it is not. */
  indexOf(id: string): number
  /** Puts a ticket where it belongs; whether another stands at its old place now. */
  put(place: Place): boolean
  remove(id: string): boolean
  replace(places: readonly Place[]): void
  all(): readonly Place[]
}

export function createOrder(): Order {
  let places: Place[] = []
  let byId = new Map<string, Place>()

  /** The first index whose place does not stand before the given one. */
  const indexFor = (place: Pick<Place, 'id' | 'key'>): number => {
    let [low, high] = [0, places.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (byPlace(places[middle] as Place, place) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  const take = (id: string): number => {
    const old = byId.get(id)
    if (!old) return -1
    const index = indexFor(old)
    places.splice(index, 1)
    byId.delete(id)
    return index
  }

  return {
    get length() {
      return places.length
    },
    at: (index) => places[index],
    get: (id) => byId.get(id),
    indexOf(id) {
      const place = byId.get(id)
      return place ? indexFor(place) : -1
    },
    put(place) {
      const from = take(place.id)
      const to = indexFor(place)
      places.splice(to, 0, place)
      byId.set(place.id, place)
      return from !== to
    },
    remove: (id) => take(id) !== -1,
    replace(next) {
      byId = new Map(next.map((place) => [place.id, place]))
      places = [...byId.values()].sort(byPlace)
    },
    all: () => places,
  }
}
