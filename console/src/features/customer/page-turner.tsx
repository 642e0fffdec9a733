import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'

export type PageCursor = { after: string | null; page: number; next: (cursor: string) => void; previous: () => void }

/** Where one is in a list that can only be read forwards: the cursors of the pages before are kept. */
export function usePageCursor(): PageCursor {
  const [cursors, setCursors] = useState<readonly string[]>([])
  return {
    after: cursors.at(-1) ?? null,
    page: cursors.length + 1,
    next: (cursor) => setCursors((all) => [...all, cursor]),
    previous: () => setCursors((all) => all.slice(0, -1)),
  }
}

/** Leafs through; nothing where all is on one page. */
export function PageTurner({
  pages,
  of,
}: {
  pages: PageCursor
  of: { hasNextPage: boolean; endCursor: string | null } | undefined
}) {
  const next = of?.hasNextPage ? of.endCursor : null
  if (pages.page === 1 && !next) return null
  return (
    <nav aria-label="Pages" className="flex items-center gap-2">
      <Button disabled={pages.page === 1} onClick={pages.previous}>
        <ChevronLeft aria-hidden className="size-4" /> Previous
      </Button>
      <span aria-live="polite" className="text-sm text-ink-soft">
        Page {pages.page}
      </span>
      <Button disabled={!next} onClick={() => next && pages.next(next)}>
        Next <ChevronRight aria-hidden className="size-4" />
      </Button>
    </nav>
  )
}
