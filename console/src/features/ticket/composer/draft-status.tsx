import { useEffect, useEffectEvent } from 'react'
import { useServiceStatus } from '../../../graph/graph.tsx'
import { Button } from '../../../ui/button.tsx'
import type { ComposerModel } from './use-composer.ts'

/** Why there is no draft, where one should be. One's own reply may be written all the same. */
export function DraftStatus({ model: { draft, draftError, isDraftLoading, reloadDraft } }: { model: ComposerModel }) {
  const { away } = useServiceStatus()
  const isMissing = draft === null && draftError !== undefined && !isDraftLoading
  const isBack = away.length === 0
  const reload = useEffectEvent(() => {
    if (isMissing) reloadDraft().catch(() => {})
  })
  useEffect(() => {
    if (isBack) reload()
  }, [isBack])
  if (!isMissing) return null
  return (
    <p role="status" className="flex items-center gap-2 px-3 pb-1 text-xs text-warn">
      The draft cannot be shown at the moment: the assistant is away. You can write the reply yourself.
      <Button kind="quiet" className="min-h-6 px-1.5 text-xs" onClick={() => void reloadDraft().catch(() => {})}>
        Try again
      </Button>
    </p>
  )
}
