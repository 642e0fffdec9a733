import { encodeCursor } from '@quimbi/service/cursors.ts'
import { connection, pageSize, type Connection, type PageRequest } from '@quimbi/service/pagination.ts'
import { placeInTime } from '@quimbi/service/places.ts'

type Row = { id: string; createdAt: Date }

/** Where the rows after a place in time are, and so many of them, in order: for `findMany`. */
export type Later = ReturnType<typeof later>

const later = ([since, id]: readonly [Date, string], take: number) => ({
  where: { AND: [{ createdAt: { gte: since } }, { OR: [{ createdAt: { gt: since } }, { id: { gt: id } }] }] },
  orderBy: [{ createdAt: 'asc' as const }, { id: 'asc' as const }],
  take,
})

/** A page of what was said, oldest first: the first page as `first` loads it, every other as `after` finds it. */
export async function oldestFirst<R extends Row>(
  page: PageRequest,
  { first, after }: { first(limit: number): Promise<R[]>; after(rows: Later): Promise<R[]> },
): Promise<Connection<R>> {
  const size = pageSize(page.first, { default: 50 })
  const cursorOf = ({ createdAt, id }: R) => encodeCursor([createdAt.toISOString(), id])
  const place = placeInTime(page.after)
  if (!place) return connection(await first(size + 1), size, cursorOf)
  return connection(await after(later(place, size + 1)), size, cursorOf, page)
}
