import { useFragment } from '@apollo/client/react'
import { X } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useEffect, useEffectEvent } from 'react'
import { Ago } from '../../shared/now.tsx'
import { IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { InboxRowFragmentDoc, type InboxRowFragment } from './generated/Inbox.ts'
import { roundedToSum } from './score.ts'
import { componentNames } from './why.ts'

/** A ticket's whole score beside its row: every part, and that they add up to it. */
export function ScorePopover({
  id,
  button,
  onOpen,
  onClose,
}: {
  id: string
  button: HTMLElement
  onOpen: () => void
  onClose: () => void
}) {
  const opened = useEffectEvent(onOpen)
  useEffect(() => opened(), [])
  return (
    <Popover.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Popover.Anchor virtualRef={{ current: button }} />
      <Popover.Portal>
        <Popover.Content
          aria-label="Why this ticket is here"
          side="right"
          align="start"
          sideOffset={8}
          collisionPadding={12}
          // Not the button, whose tip would take the first Escape.
          onOpenAutoFocus={(event) => {
            event.preventDefault()
            ;(event.currentTarget as HTMLElement).focus()
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            button.focus()
          }}
          className="z-50 w-80 rounded-lg outline-none border border-line bg-surface p-3 text-sm shadow-xl"
        >
          <div className="mb-1 flex items-center justify-between gap-2">
            <h2 className="font-semibold">Why it is here</h2>
            <Popover.Close asChild>
              <IconButton label="Close">
                <X aria-hidden className="size-4" />
              </IconButton>
            </Popover.Close>
          </div>
          <Breakdown id={id} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Breakdown({ id }: { id: string }) {
  const { data, complete } = useFragment({
    fragment: InboxRowFragmentDoc,
    fragmentName: 'InboxRow',
    from: { __typename: 'Ticket', id },
  })
  if (!complete) return <p className="text-ink-soft">The score is not known at the moment.</p>
  const { components, formula, insightAsOf } = (data as InboxRowFragment).smartScore
  const { figures, sum } = roundedToSum(components.map(({ points }) => points))
  const parts = components.map((part, index) => ({ ...part, shown: figures[index] ?? 0 }))
  return (
    <>
      <table className="w-full">
        <caption className="sr-only">Parts of the score</caption>
        <tbody>
          {parts
            .toSorted((a, b) => b.points - a.points)
            .map(({ name, explanation, shown }) => (
              <tr key={name} className={classes('align-top', shown === 0 && 'text-ink-faint')}>
                <th scope="row" className="py-1 text-left font-normal">
                  {componentNames[name] ?? name}
                  <p className="text-xs text-ink-faint">{explanation}</p>
                </th>
                <td className="py-1 pl-3 text-right tabular-nums">{signed(shown)}</td>
              </tr>
            ))}
        </tbody>
        <tfoot>
          <tr className="border-t border-line font-semibold">
            <th scope="row" className="pt-2 text-left">
              Score
            </th>
            <td className="pt-2 text-right tabular-nums">{sum.toFixed(1)}</td>
          </tr>
        </tfoot>
      </table>
      <p className="mt-2 text-xs text-ink-faint">
        Formula “{formula.version}”
        {insightAsOf === null ? (
          '; churn and value are not known yet.'
        ) : (
          <>
            ; customer figures <Ago at={insightAsOf} />.
          </>
        )}
      </p>
    </>
  )
}

const signed = (points: number): string =>
  points === 0 ? '0.0' : `${points > 0 ? '+' : '−'}${Math.abs(points).toFixed(1)}`
