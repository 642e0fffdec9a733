import { codedError } from './errors.ts'

/** Relay's page information. */
export type PageInfo = {
  hasNextPage: boolean
  hasPreviousPage: boolean
  startCursor: string | null
  endCursor: string | null
}
export type Connection<T> = { edges: { node: T; cursor: string }[]; nodes: T[]; pageInfo: PageInfo }

/** The arguments of every list: page size, and the cursor to go on from. */
export type PageRequest = { first?: number | null | undefined; after?: string | null | undefined }

/** How many rows a page has. More than `max` (100) or less than 1 is refused with BAD_USER_INPUT, never cut. */
export function pageSize(
  first: number | null | undefined,
  { default: usual, max = 100 }: { default: number; max?: number },
): number {
  const size = first ?? usual
  if (Number.isInteger(size) && size >= 1 && size <= max) return size
  throw codedError('BAD_USER_INPUT', `"first" must be between 1 and ${max}`)
}

/**
 * A Relay connection from up to `size + 1` rows: the one too many only tells that there is a next page.
 * `after` is the cursor that the page was asked with.
 */
export function connection<T>(
  rowsPlusOne: readonly T[],
  size: number,
  cursorOf: (row: T) => string,
  { after }: { after?: string | null | undefined } = {},
): Connection<T> {
  const nodes = rowsPlusOne.slice(0, size)
  const edges = nodes.map((node) => ({ node, cursor: cursorOf(node) }))
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage: rowsPlusOne.length > size,
      hasPreviousPage: after !== null && after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}
