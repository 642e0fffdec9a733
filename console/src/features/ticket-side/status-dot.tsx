import type { AgentStatus } from '../../graph/generated/schema.ts'
import { words } from '../../shared/format.ts'
import { classes } from '../../ui/classes.ts'

const tones = { ONLINE: 'bg-good', BUSY: 'bg-bad', AWAY: 'bg-warn', OFFLINE: 'border border-line-strong' }

/** Whether an agent is at work: a colour and its word. */
export function StatusDot({ status }: { status: AgentStatus }) {
  return (
    <span className="inline-flex items-center gap-1 text-xs text-ink-faint">
      <span aria-hidden className={classes('size-2 rounded-full', tones[status])} />
      {words(status).toLowerCase()}
    </span>
  )
}
