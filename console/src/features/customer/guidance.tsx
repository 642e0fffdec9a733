/** How to talk to this customer, what matters most first. */
export function Guidance({ advice }: { advice: readonly string[] }) {
  if (advice.length === 0) return <p className="text-sm text-ink-soft">Nothing in particular is known.</p>
  return (
    <ol aria-label="How to talk to them" className="list-decimal space-y-1 pl-5 text-sm">
      {advice.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ol>
  )
}
