import { useState, type ReactNode } from 'react'

/**
 * A list that is read page by page: each page asks for itself and says, where it is the last one shown, how to go on. The pages before stay.
 */
export function Pages({
  children,
}: {
  children: (after: string | null, more: ((cursor: string) => void) | null) => ReactNode
}) {
  const [cursors, setCursors] = useState<readonly (string | null)[]>([null])
  return cursors.map((cursor, index) =>
    children(
      cursor,
      index === cursors.length - 1 ? (next) => setCursors((all) => (all.includes(next) ? all : [...all, next])) : null,
    ),
  )
}
