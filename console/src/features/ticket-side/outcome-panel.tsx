import { formatDateTime } from '../../shared/format.ts'
import { Ago } from '../../shared/now.tsx'
import { nameOf } from './actors.ts'
import { SidePanel } from './side-panel.tsx'
import type { TicketNow } from './use-ticket.ts'

/** How it ended, what the customer said of it, and whether somebody more senior was called. Nothing while there is nothing. */
export function OutcomePanel({ ticket: { resolution, satisfaction, escalation, closedAt } }: { ticket: TicketNow }) {
  if (!resolution && !satisfaction && !escalation) return null
  return (
    <SidePanel
      name="outcome"
      title="Outcome"
      summary={satisfaction && <span className="text-xs">{satisfaction.score} of 5</span>}
    >
      <dl className="flex flex-col gap-2 text-sm">
        {escalation && (
          <div>
            <dt className="text-xs text-ink-faint">
              Escalated to level {escalation.level}, <Ago at={escalation.at} />
            </dt>
            <dd>
              {nameOf(escalation.by)}: {escalation.reason}
            </dd>
          </div>
        )}
        {resolution && (
          <div>
            <dt className="text-xs text-ink-faint">How it was solved{closedAt && `, ${formatDateTime(closedAt)}`}</dt>
            <dd>{resolution}</dd>
          </div>
        )}
        {satisfaction && (
          <div>
            <dt className="text-xs text-ink-faint">
              Satisfaction, <Ago at={satisfaction.answeredAt} />
            </dt>
            <dd>
              <span aria-hidden className="tracking-widest text-warn">
                {'★'.repeat(satisfaction.score)}
                <span className="text-ink-faint">{'☆'.repeat(5 - satisfaction.score)}</span>
              </span>{' '}
              {satisfaction.score} of 5
              {satisfaction.comment && <q className="block text-ink-soft">{satisfaction.comment}</q>}
            </dd>
          </div>
        )}
      </dl>
    </SidePanel>
  )
}
