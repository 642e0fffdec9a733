/** A page of a list; a cursor is a place in it. */
export function page<Node>(
  nodes: readonly Node[],
  { first, after }: { first?: number | null; after?: string | null } = {},
) {
  const start = after ? Number(after) + 1 : 0
  const own = nodes.slice(start, start + (first ?? 50))
  const end = start + own.length - 1
  return {
    nodes: own,
    edges: own.map((node, index) => ({ node, cursor: String(start + index) })),
    totalCount: nodes.length,
    pageInfo: {
      hasNextPage: end < nodes.length - 1,
      hasPreviousPage: start > 0,
      startCursor: own.length > 0 ? String(start) : null,
      endCursor: own.length > 0 ? String(end) : null,
    },
  }
}
