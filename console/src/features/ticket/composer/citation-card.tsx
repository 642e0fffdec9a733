import { createPortal } from 'react-dom'
import { sourceNames, type Citation } from './citations.ts'

/** What the sentence under the pointer rests on. */
export function CitationCard({ citations, left, top }: { citations: readonly Citation[]; left: number; top: number }) {
  return createPortal(
    <div
      role="tooltip"
      style={{ left: Math.min(left, window.innerWidth - 300), bottom: window.innerHeight - top + 6 }}
      className="pointer-events-none fixed z-50 w-72 rounded-md border border-line bg-surface p-2 text-xs shadow-lg"
    >
      <p className="mb-1 font-semibold text-good">Rests on the records</p>
      <CitedFacts citations={citations} />
    </div>,
    document.body,
  )
}

export function CitedFacts({ citations }: { citations: readonly Pick<Citation, 'source' | 'quote'>[] }) {
  const bySource = [...Map.groupBy(citations, ({ source }) => source)]
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-2 gap-y-0.5">
      {bySource.map(([source, cited]) => (
        <div key={source} className="contents">
          <dt className="text-ink-faint">{sourceNames[source]}</dt>
          <dd className="break-words">{[...new Set(cited.map(({ quote }) => quote))].join(' · ')}</dd>
        </div>
      ))}
    </dl>
  )
}
