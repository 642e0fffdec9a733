import { useState } from 'react'
import { useGraph } from '../../graph/graph.tsx'
import { useMutate } from '../../graph/mutate.ts'
import { formatDuration } from '../../shared/format.ts'
import { Button } from '../../ui/button.tsx'
import { DemoAdvanceClockDocument } from './generated/Demo.ts'

const steps = [
  { seconds: 900, label: '15 minutes' },
  { seconds: 3_600, label: '1 hour' },
  { seconds: 4 * 3_600, label: '4 hours' },
  { seconds: 86_400, label: '1 day' },
  { seconds: 7 * 86_400, label: '1 week' },
]

/** Moves the demo's clock forward, and tells how far it has been moved here. */
export function DemoClock({ isAllowed }: { isAllowed: boolean }) {
  const { apollo } = useGraph()
  const [advance, isBusy] = useMutate(DemoAdvanceClockDocument)
  const [moved, setMoved] = useState(0)
  const move = async (seconds: number) => {
    const outcome = await advance({ input: { seconds } })
    if (!outcome.isGood) return
    setMoved((before) => before + seconds)
    // Whatever is on the screen is older now.
    await apollo.refetchQueries({ include: 'active' })
  }
  return (
    <div className="flex flex-col gap-3 text-sm">
      <p className="text-ink-soft">
        As if the time had passed: promises come due, snoozed tickets wake, follow-ups are called. It cannot be turned
        back.
      </p>
      <div role="group" aria-label="Move the clock forward by" className="flex flex-wrap gap-2">
        {steps.map(({ seconds, label }) => (
          <Button key={seconds} disabled={!isAllowed || isBusy} onClick={() => void move(seconds)}>
            + {label}
          </Button>
        ))}
      </div>
      {!isAllowed && <p className="text-ink-soft">Managers and administrators may move it.</p>}
      <p role="status" className="text-ink-soft">
        {moved > 0 && `The clock was moved forward by ${formatDuration(moved)}.`}
      </p>
    </div>
  )
}
