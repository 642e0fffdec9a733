import { useState } from 'react'
import { useGraph } from '../../graph/graph.tsx'
import { useMutate } from '../../graph/mutate.ts'
import { formatNumber } from '../../shared/format.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { DemoClearDocument } from './generated/Demo.ts'

type Props = { count: number; isAllowed: boolean; onCleared: () => void }

/** How many there are, and the way to be rid of them. */
export function ClearDemo({ count, isAllowed, onCleared }: Props) {
  const { apollo } = useGraph()
  const [clear] = useMutate(DemoClearDocument)
  const [isAsking, setAsking] = useState(false)
  const [told, setTold] = useState('')
  const remove = async () => {
    const outcome = await clear({})
    if (!outcome.isGood) return
    setTold('The demo tickets were removed.')
    onCleared()
    await apollo.refetchQueries({ include: 'active' })
  }
  return (
    <div className="flex flex-col items-start gap-3 text-sm">
      <p>
        <span className="text-2xl font-semibold tabular-nums">{formatNumber(count)}</span>{' '}
        <span className="text-ink-soft">tickets in this business</span>
      </p>
      <Button kind="danger" disabled={!isAllowed || count === 0} onClick={() => setAsking(true)}>
        Remove all demo tickets…
      </Button>
      {!isAllowed && <p className="text-ink-soft">Administrators may remove them.</p>}
      <p role="status" className="text-ink-soft">
        {told}
      </p>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title="Remove all demo tickets?"
        description="Their conversations, notes and history go with them. Real tickets stay. It cannot be undone."
        verb="Remove them"
        onConfirm={remove}
      />
    </div>
  )
}
