// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- everybody else's way to it is below
import { lazy, useEffect, useState, type ComponentType } from 'react'
import { Button } from './button.tsx'

type Load<Props> = () => Promise<ComponentType<Props>>
type Again = { onRetry: () => void; onLeave: () => void }

/**
 * A part whose code comes when it is first shown. Where that cannot be fetched it says so in its place, and can be tried again: the page around it stays,
 * with what was written there. `isSilent`: it shows nothing then, and tries when it is next shown.
 */
export function lazyPart<Props extends object>(load: Load<Props>, { isSilent = false } = {}): ComponentType<Props> {
  // What failed once has failed for good: each further try is a component of its own.
  const attempt = () =>
    lazy<ComponentType<Props & Again>>(async () => {
      try {
        return { default: (await load()) as ComponentType<Props & Again> }
      } catch {
        return { default: isSilent ? Nothing : NotLoaded }
      }
    })
  let current = attempt()
  const anew = () => (current = attempt())
  return function LazyPart(props: Props) {
    const [Part, setPart] = useState(() => current)
    return <Part {...props} onRetry={() => setPart(anew)} onLeave={anew} />
  }
}

/** Fetches ahead; that it cannot be fetched now is told when it is wanted. */
export const ahead = (load: () => Promise<unknown>): void => void load().catch(() => {})

/** Whoever comes back to it later tries again. */
function useLeaving(onLeave: () => void): void {
  const [leave] = useState(() => onLeave)
  useEffect(() => leave, [leave])
}

function Nothing({ onLeave }: Again) {
  useLeaving(onLeave)
  return null
}

function NotLoaded({ onRetry, onLeave }: Again) {
  useLeaving(onLeave)
  return (
    <div role="alert" className="flex items-center gap-3 p-3 text-sm">
      <p>This part could not be loaded.</p>
      <Button onClick={onRetry}>Try again</Button>
    </div>
  )
}
