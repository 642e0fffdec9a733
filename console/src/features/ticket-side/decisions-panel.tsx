import { useQuery } from '@apollo/client/react'
import { Undo2 } from 'lucide-react'
import { toast } from '../../shared/toast.ts'
import { useCommand } from '../../commands/use-command.ts'
import { formatDateTime, formatPercent } from '../../shared/format.ts'
import { Ago } from '../../shared/now.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { Keys } from '../../ui/keys.tsx'
import { nameOf } from './actors.ts'
import { decisionWords } from './decision-words.ts'
import { TicketSideUndoDocument } from './generated/Changes.ts'
import type { TicketSideDecisionFragment } from './generated/Headline.ts'
import { TicketSidePlacesDocument } from './generated/Places.ts'
import { Disclosure, SidePanel } from './side-panel.tsx'
import { useServerNow } from '../../shared/now.tsx'
import { useTicketChange } from './use-changes.ts'
import type { TicketNow } from './use-ticket.ts'

type Decision = TicketSideDecisionFragment

/** What a model or a rule decided by itself. Each can be taken back; U takes back the newest. */
export function DecisionsPanel({ ticket, mayUndo }: { ticket: TicketNow; mayUndo: boolean }) {
  const [change, isBusy] = useTicketChange(ticket)
  const { data: places } = useQuery(TicketSidePlacesDocument)
  const now = useServerNow(60_000)
  const { decisions } = ticket
  const standing = decisions.filter(({ undoneAt }) => undoneAt === null)
  const [newest] = mayUndo ? standing.filter(({ field }) => field !== 'MERGE') : []
  const named = new Map(
    [...(places?.agents.nodes ?? []), ...(places?.queues ?? []), ...(places?.teams ?? [])].map(({ id, name }) => [
      id,
      name,
    ]),
  )
  const told = (decision: Decision) => decisionWords(decision, (id) => named.get(id))
  const undo = async (decision: Decision) => {
    const undoneAt = new Date(now).toISOString()
    const patch = { decisions: decisions.map((one) => (one.id === decision.id ? { ...one, undoneAt } : one)) }
    const refused = 'The decision was not taken back'
    const { isGood } = await change(TicketSideUndoDocument, { decisionId: decision.id }, { refused, patch })
    if (isGood)
      toast.message('The decision was taken back', {
        description: `${told(decision)}. It is not made again on this ticket.`,
      })
  }
  useCommand({
    id: 'ticket-side.undo-decision',
    title: 'Undo the newest automatic decision',
    section: 'Ticket',
    shortcut: 'u',
    isEnabled: newest !== undefined,
    run: () => newest && void undo(newest),
  })
  return (
    <SidePanel
      name="decisions"
      title="Automatic decisions"
      summary={standing.length > 0 && <Badge tone="accent">{standing.length}</Badge>}
    >
      {decisions.length === 0 && <p className="text-sm text-ink-soft">Nothing was decided automatically.</p>}
      <ul className="divide-y divide-line">
        {decisions.map((decision) => (
          <DecisionRow
            key={decision.id}
            decision={decision}
            told={told(decision)}
            isNewest={decision.id === newest?.id}
            {...(mayUndo && decision.field !== 'MERGE' && { onUndo: () => void undo(decision), isBusy })}
          />
        ))}
      </ul>
    </SidePanel>
  )
}

type RowProps = { decision: Decision; told: string; isNewest: boolean; onUndo?: () => void; isBusy?: boolean }

function DecisionRow({ decision, told, isNewest, onUndo, isBusy = false }: RowProps) {
  const { explanation, evidence, confidence, madeAt, madeBy, undoneAt } = decision
  return (
    <li className="py-2 text-sm first:pt-0 last:pb-0">
      <div className="flex items-start justify-between gap-2">
        <div className="min-w-0">
          {undoneAt === null ? <p className="font-medium">{told}</p> : <s className="text-ink-faint">{told}</s>}
          <p className="text-xs text-ink-faint">
            {nameOf(madeBy)}, <Ago at={madeAt} />
            {madeBy.kind === 'MODEL' && `, ${formatPercent(confidence)} sure`}
          </p>
        </div>
        {undoneAt === null && onUndo && (
          <Button
            aria-keyshortcuts={isNewest ? 'U' : undefined}
            isBusy={isBusy}
            className="min-h-7! px-2!"
            onClick={onUndo}
          >
            <Undo2 aria-hidden className="size-3.5" />
            <span>
              Undo<span className="sr-only">: {told}</span>
            </span>
            {isNewest && (
              <span aria-hidden>
                <Keys of="u" />
              </span>
            )}
          </Button>
        )}
      </div>
      {undoneAt !== null && <p className="text-xs text-ink-soft">Taken back {formatDateTime(undoneAt)}.</p>}
      <p className={classes('text-xs text-ink-soft', undoneAt !== null && 'sr-only')}>{explanation}</p>
      {evidence.length > 0 && (
        <Disclosure label="Evidence">
          <ul className="list-disc pl-3">
            {evidence.map((piece) => (
              <li key={piece} className="break-words">
                {piece}
              </li>
            ))}
          </ul>
        </Disclosure>
      )}
    </li>
  )
}
