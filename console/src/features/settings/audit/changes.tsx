import type { Entry } from './section.tsx'

const mostShown = 3

/** What changed, from what to what; the rest behind a click. */
export function Changes({ changes }: { changes: Entry['changes'] }) {
  if (changes.length === 0) return <span className="text-ink-faint">Read only</span>
  const rest = changes.slice(mostShown)
  return (
    <div className="flex flex-col gap-0.5">
      {changes.slice(0, mostShown).map((change) => (
        <Change key={change.field} change={change} />
      ))}
      {rest.length > 0 && (
        <details>
          <summary className="min-h-6 cursor-pointer text-accent">{rest.length} more</summary>
          {rest.map((change) => (
            <Change key={change.field} change={change} />
          ))}
        </details>
      )}
    </div>
  )
}

function Change({ change: { field, from, to } }: { change: Entry['changes'][number] }) {
  return (
    <p className="break-words">
      <span className="font-medium text-ink">{field}</span>
      {!isNothing(from) && (
        <>
          {' '}
          <span className="sr-only">from </span>
          <del className="decoration-bad">{said(from)}</del>
        </>
      )}
      {!isNothing(to) && (
        <>
          {' '}
          <span className="sr-only">to </span>
          <ins className="no-underline">{said(to)}</ins>
        </>
      )}
    </p>
  )
}

const isNothing = (value: unknown) => value === null || value === undefined
const longest = 120

function said(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
