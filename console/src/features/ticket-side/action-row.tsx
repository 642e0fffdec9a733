import { Undo2, X } from 'lucide-react'
import { useId } from 'react'
import { formatMoney, formatPercent } from '../../shared/format.ts'
import { IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import type { TicketSideActionFragment } from './generated/Advice.ts'

export type ActionState = 'open' | 'done' | 'dismissed'

type Props = {
  action: TicketSideActionFragment
  /** Of the whole plan: an action that is to keep just that need not say it again. */
  atRisk: string | null
  state: ActionState
  onTake?: () => void
  onDismiss: () => void
}

/** One thing to do: ticked when it is done, dismissed when it is not going to be; why, and what it is to keep. */
export function ActionRow({ action, atRisk, state, onTake, onDismiss }: Props) {
  const id = useId()
  const isDismissed = state === 'dismissed'
  return (
    <li className="flex min-h-6 items-start gap-2">
      <input
        id={id}
        type="checkbox"
        className="mt-0.5 size-4 shrink-0 accent-accent"
        checked={state === 'done'}
        disabled={!onTake || state === 'done' || isDismissed}
        aria-describedby={`${id}-why`}
        onChange={onTake}
      />
      <div className="min-w-0 flex-1">
        <label
          htmlFor={id}
          className={classes(
            'block text-sm leading-snug',
            state === 'open' ? 'font-medium' : 'text-ink-faint line-through',
          )}
        >
          {action.action}
        </label>
        <p id={`${id}-why`} className={classes('text-xs text-ink-soft', state !== 'open' && 'sr-only')}>
          {isDismissed && 'Dismissed. '}
          {action.reasoning}
        </p>
        {state === 'open' && <p className="text-xs text-ink-faint">{figuresOf(action, atRisk)}</p>}
      </div>
      {state === 'open' && (
        <IconButton label={`Dismiss: ${action.action}`} className="size-7 min-h-7! px-0!" onClick={onDismiss}>
          <X aria-hidden className="size-3.5" />
        </IconButton>
      )}
      {isDismissed && onTake && (
        <IconButton label={`Done after all: ${action.action}`} className="size-7 min-h-7! px-0!" onClick={onTake}>
          <Undo2 aria-hidden className="size-3.5" />
        </IconButton>
      )}
    </li>
  )
}

function figuresOf(
  { confidence, cost, retentionProbability, revenueAtRisk }: TicketSideActionFragment,
  atRisk: string | null,
) {
  const figures = [
    `${formatPercent(confidence)} sure`,
    revenueAtRisk && revenueAtRisk.amount !== atRisk && `${formatMoney(revenueAtRisk)} at risk`,
    cost && `costs ${formatMoney(cost)}`,
    retentionProbability !== null && `${formatPercent(retentionProbability)} stay if done`,
  ]
  return figures.filter(Boolean).join(' · ')
}
