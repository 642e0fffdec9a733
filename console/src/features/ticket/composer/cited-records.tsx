import {
  BadgeCheck,
  CircleUser,
  History,
  MessageSquare,
  Package,
  ScrollText,
  ShoppingBag,
  type LucideIcon,
} from 'lucide-react'
import { Tip } from '../../../ui/tip.tsx'
import { CitedFacts } from './citation-card.tsx'
import { recordsOf, sourceNames, type Citation } from './citations.ts'

const icons: Record<Citation['source'], LucideIcon> = {
  MESSAGE: MessageSquare,
  ORDER: ShoppingBag,
  PAST_TICKET: History,
  POLICY: ScrollText,
  PROFILE: CircleUser,
  SHIPMENT: Package,
}

type CitedRecordsProps = {
  text: string
  citations: readonly Citation[]
  onPoint: (sentences: readonly string[]) => void
}

/** The records that a draft's facts come from; pointing at one, or reaching it with the keyboard, marks its sentences. */
export function CitedRecords({ text, citations, onPoint }: CitedRecordsProps) {
  const records = recordsOf(text, citations)
  if (records.length === 0) return null
  return (
    <div className="flex flex-wrap items-center gap-1 px-3 pb-1 text-xs text-ink-soft">
      <BadgeCheck aria-hidden className="size-3.5 text-good" />
      <span className="mr-0.5">Rests on</span>
      {records.map(({ key, source, quotes, sentences }) => {
        const Icon = icons[source]
        const point = () => onPoint(sentences)
        const leave = () => onPoint([])
        return (
          <Tip key={key} text={<CitedFacts citations={quotes.map((quote) => ({ source, quote }))} />}>
            <button
              type="button"
              aria-label={`${sourceNames[source]}: ${quotes.join(', ')}`}
              onMouseEnter={point}
              onMouseLeave={leave}
              onFocus={point}
              onBlur={leave}
              className="inline-flex min-h-6 max-w-56 items-center gap-1 rounded-full border border-line bg-surface px-2 hover:border-line-strong"
            >
              <Icon aria-hidden className="size-3 shrink-0" />
              <span className="truncate">
                {sourceNames[source]} {quotes[0]}
              </span>
            </button>
          </Tip>
        )
      })}
    </div>
  )
}
