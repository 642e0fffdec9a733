import { useViewer } from '../session/viewer.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { classes } from '../ui/classes.ts'
import { statuses, useMyStatus } from './agent-status.ts'

export const agentButton = 'relative flex size-10 items-center justify-center rounded-md hover:bg-raised'

/** The agent's initials with the status, in words for who does not see the dot's colour. */
export function Myself() {
  const { agent } = useViewer()
  const [{ status }] = useMyStatus()
  const shown = statuses.find(({ value }) => value === status)
  const name = agent?.name ?? ''
  return (
    <>
      <span className="sr-only">{`You: ${name}, ${shown?.label.toLowerCase() ?? ''}`}</span>
      <Avatar name={name} className="size-7 text-xs" />
      <span
        aria-hidden
        title={shown?.label}
        className={classes('absolute right-1 bottom-1 size-2.5 rounded-full ring-2 ring-surface', shown?.dot)}
      />
    </>
  )
}
