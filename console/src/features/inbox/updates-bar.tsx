import { ArrowUpDown } from 'lucide-react'
import { useCommand } from '../../commands/use-command.ts'

/** How many rows stand elsewhere than they are shown, and the way to show them where they stand. */
export function UpdatesBar({ waiting, onApply }: { waiting: number; onApply: () => void }) {
  useCommand({
    id: 'inbox.updates',
    title: 'Show the updates of the list',
    section: 'Inbox',
    shortcut: 'period',
    isEnabled: waiting > 0,
    run: onApply,
  })
  return (
    <>
      {/* Said once, not with each further one. */}
      <p role="status" className="sr-only">
        {waiting > 0 && 'The list has updates.'}
      </p>
      {waiting > 0 && (
        <button
          type="button"
          onClick={onApply}
          className="inline-flex min-h-6 items-center gap-1 rounded-full bg-accent px-2.5 text-xs font-medium text-accent-ink tabular-nums"
        >
          <ArrowUpDown aria-hidden className="size-3" />
          {waiting === 1 ? '1 update' : `${waiting} updates`}
        </button>
      )}
    </>
  )
}
