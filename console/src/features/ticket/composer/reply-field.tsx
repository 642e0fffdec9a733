import { useState, type ComponentProps, type MouseEvent, type RefObject } from 'react'
import { classes } from '../../../ui/classes.ts'
import { segmentsOf, type Citation } from './citations.ts'
import { CitationCard } from './citation-card.tsx'

type ReplyFieldProps = {
  field: RefObject<HTMLTextAreaElement | null>
  text: string
  citations: readonly Citation[]
  /** A sentence that is pointed at elsewhere. */
  pointedAt: readonly string[]
  onText: (text: string) => void
} & Pick<ComponentProps<'textarea'>, 'readOnly' | 'placeholder' | 'aria-describedby' | 'aria-busy'>

type Pointed = { citations: readonly Citation[]; left: number; top: number }

/** The reply's text. What of it rests on a record is underlined, and tells the record where one points at it. */
export function ReplyField({ field, text, citations, pointedAt, onText, ...rest }: ReplyFieldProps) {
  const [pointed, setPointed] = useState<Pointed | null>(null)
  const segments = segmentsOf(text, citations)
  const point = (event: MouseEvent) => {
    const mirror = event.currentTarget.nextElementSibling
    const next = mirror ? hit(mirror, segments, event) : null
    if (next?.citations !== pointed?.citations) setPointed(next)
  }
  return (
    <div className="max-h-[38vh] min-h-28 overflow-y-auto overscroll-contain" onScroll={() => setPointed(null)}>
      {/* Text and its underlines lie in one cell, so that both have one size. */}
      <div className="grid min-h-28">
        <textarea
          ref={field}
          aria-label="Reply"
          value={text}
          onChange={(event) => onText(event.target.value)}
          onMouseMove={point}
          onMouseLeave={() => setPointed(null)}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
          className="z-10 col-start-1 row-start-1 resize-none overflow-hidden bg-transparent px-3 py-2 leading-relaxed outline-none placeholder:text-ink-faint read-only:text-ink-soft"
          {...rest}
        />
        <div
          aria-hidden
          className="col-start-1 row-start-1 px-3 py-2 leading-relaxed break-words whitespace-pre-wrap text-transparent"
        >
          {segments.map((segment, index) => (
            <span
              key={index}
              data-segment={index}
              className={classes(
                segment.citations.length > 0 &&
                  'rounded-sm underline decoration-good decoration-dotted decoration-2 underline-offset-4',
                (segment.citations === pointed?.citations || pointedAt.includes(segment.text)) && 'bg-good-soft',
              )}
            >
              {segment.text}
            </span>
          ))}
          {'\u200b'}
        </div>
      </div>
      {pointed && <CitationCard {...pointed} />}
    </div>
  )
}

/** The cited stretch under the pointer. The text field lies over it, so it is found by its place. */
function hit(mirror: Element, segments: readonly { citations: readonly Citation[] }[], at: MouseEvent): Pointed | null {
  for (const span of mirror.querySelectorAll<HTMLElement>('[data-segment]')) {
    const { citations } = segments[Number(span.dataset['segment'])] ?? { citations: [] }
    if (citations.length === 0) continue
    const rects = [...span.getClientRects()]
    const inside = rects.find(
      ({ left, right, top, bottom }) =>
        at.clientX >= left && at.clientX <= right && at.clientY >= top && at.clientY <= bottom,
    )
    if (inside) return { citations, left: inside.left, top: Math.min(...rects.map(({ top }) => top)) }
  }
  return null
}
