import { useQuery } from '@apollo/client/react'
import { TriangleAlert } from 'lucide-react'
import { useId, useState } from 'react'
import { toast } from '../../shared/toast.ts'
import { useGraph } from '../../graph/graph.tsx'
import { mutate } from '../../graph/mutate.ts'
import { useViewer } from '../../session/viewer.tsx'
import { formatMoney } from '../../shared/format.ts'
import { Missing, Skeleton } from '../../ui/state.tsx'
import { ActionRow, type ActionState } from './action-row.tsx'
import {
  TicketSideAdviceDocument,
  TicketSideCompleteActionDocument,
  TicketSideRecordOutcomeDocument,
  type TicketSideAdviceQuery,
  type TicketSidePlanFragment,
} from './generated/Advice.ts'
import { SidePanel } from './side-panel.tsx'
import { reasons } from './use-changes.ts'
import { useReread } from './use-reread.ts'
import { versionOf, type TicketNow } from './use-ticket.ts'

type Item = NonNullable<TicketSideAdviceQuery['ticket']>['actionItems'][number]

/** What to do next, as a list to tick off, with what to know meanwhile. */
export function ActionsPanel({ ticket, mayAct }: { ticket: TicketNow; mayAct: boolean }) {
  const { data, error, loading, refetch } = useQuery(TicketSideAdviceDocument, { variables: { id: ticket.id } })
  useReread(versionOf(ticket), refetch)
  const items = data?.ticket?.actionItems ?? []
  const plan = data?.ticket?.nextBestActions ?? null
  const isMissing = Boolean(error) && plan === null
  const left = plan?.actions.filter(({ id }) => !items.some((item) => item.id === id && item.completedAt)).length ?? 0
  return (
    <SidePanel
      name="actions"
      title="Next best actions"
      summary={
        plan && plan.actions.length > 0 && <span className="text-xs">{left === 0 ? 'all done' : `${left} to do`}</span>
      }
    >
      {loading && !data && <Skeleton className="h-24" label="Loading what to do next" />}
      {isMissing && <Missing what="What to do next" />}
      {data && !isMissing && plan === null && <NoPlan />}
      {plan && <Plan plan={plan} items={items} ticketId={ticket.id} mayAct={mayAct} />}
      <Earlier items={items} plan={plan} />
    </SidePanel>
  )
}

function NoPlan() {
  const { tenant } = useViewer()
  return (
    <p className="text-sm text-ink-soft">
      {tenant.settings.aiRecommendations
        ? 'There is no advice about this customer.'
        : 'Recommendations are switched off in the settings.'}
    </p>
  )
}

type PlanProps = { plan: TicketSidePlanFragment; items: readonly Item[]; ticketId: string; mayAct: boolean }

function Plan({ plan, items, ticketId, mayAct }: PlanProps) {
  const { actions, warnings, talkingPoints, revenueAtRisk } = plan
  const [dismissed, setDismissed] = useState<readonly string[]>([])
  const outcomes = useOutcomes(ticketId, items)
  const stateOf = (id: string): ActionState =>
    items.some((item) => item.id === id && item.completedAt) ? 'done' : dismissed.includes(id) ? 'dismissed' : 'open'
  const dismiss = async (id: string) => {
    setDismissed((ids) => [...ids, id])
    if (!(await outcomes.dismiss(id))) setDismissed((ids) => ids.filter((one) => one !== id))
  }
  const take = (id: string, action: string) => {
    setDismissed((ids) => ids.filter((one) => one !== id))
    return outcomes.take(id, action)
  }
  return (
    <div className="flex flex-col gap-2">
      {warnings.length > 0 && (
        <ul aria-label="Warnings" className="flex flex-col gap-1 rounded-md bg-warn-soft p-2 text-xs text-warn">
          {warnings.map((warning) => (
            <li key={warning} className="flex gap-1.5">
              <TriangleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
              {warning}
            </li>
          ))}
        </ul>
      )}
      {actions.length === 0 && <p className="text-sm text-ink-soft">Nothing needs to be done.</p>}
      <ol aria-label="To do" className="flex flex-col gap-1">
        {actions.map((action) => (
          <ActionRow
            key={action.id}
            action={action}
            atRisk={revenueAtRisk?.amount ?? null}
            state={stateOf(action.id)}
            {...(mayAct && { onTake: () => void take(action.id, action.action) })}
            onDismiss={() => void dismiss(action.id)}
          />
        ))}
      </ol>
      {revenueAtRisk && (
        <p className="text-xs text-ink-soft">
          <span className="font-medium text-ink">{formatMoney(revenueAtRisk)}</span> of revenue at risk with this
          customer
        </p>
      )}
      {talkingPoints.length > 0 && <TalkingPoints points={talkingPoints} />}
    </div>
  )
}

function TalkingPoints({ points }: { points: readonly string[] }) {
  const id = useId()
  return (
    <div>
      <h3 id={id} className="text-xs font-medium text-ink-faint">
        Worth saying
      </h3>
      <ul aria-labelledby={id} className="list-disc pl-4 text-xs text-ink-soft">
        {points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </div>
  )
}

/** Done before, and no longer advised. */
function Earlier({ items, plan }: { items: readonly Item[]; plan: TicketSidePlanFragment | null }) {
  const others = items.filter(({ id, completedAt }) => completedAt && !plan?.actions.some((action) => action.id === id))
  if (others.length === 0) return null
  return (
    <ul aria-label="Done before" className="mt-2 border-t border-line pt-2 text-xs text-ink-faint">
      {others.map(({ id, action, outcome, completedBy }) => (
        <li key={id}>
          <s>{outcome ?? (action === id ? 'A suggested action' : action)}</s>
          {completedBy && `, done by ${completedBy.name}`}
        </li>
      ))}
    </ul>
  )
}

/** Tells what became of an action: Support keeps that it was done, Intelligence learns from it. */
function useOutcomes(ticketId: string, items: readonly Item[]) {
  const { apollo } = useGraph()
  const { agent } = useViewer()
  const record = (actionId: string, outcome: 'TAKEN' | 'DISMISSED') =>
    mutate(apollo, TicketSideRecordOutcomeDocument, { input: { actionId, outcome } }, { isQuiet: true })
  const take = async (actionId: string, action: string) => {
    const done: Item = {
      __typename: 'ActionItem',
      id: actionId,
      action,
      outcome: action,
      completedAt: new Date().toISOString(),
      completedBy: agent && { __typename: 'Agent', id: agent.id, name: agent.name },
    }
    const outcome = await mutate(
      apollo,
      TicketSideCompleteActionDocument,
      { input: { ticketId, actionId, outcome: action } },
      {
        isQuiet: true,
        optimisticResponse: {
          __typename: 'Mutation',
          completeAction: {
            __typename: 'TicketPayload',
            ticket: {
              __typename: 'Ticket',
              id: ticketId,
              actionItems: [...items.filter(({ id }) => id !== actionId), done],
            },
            userErrors: [],
          },
        },
      },
    )
    if (!outcome.isGood) {
      toast.error('The action was not noted as done', { description: reasons(outcome.errors) })
      return
    }
    const learnt = await record(actionId, 'TAKEN')
    if (!learnt.isGood)
      toast.warning('Noted as done', { description: 'What came of it could not be learnt from at the moment.' })
  }
  const dismiss = async (actionId: string) => {
    const { isGood, ...rest } = await record(actionId, 'DISMISSED')
    if (!isGood && 'errors' in rest) toast.error('The action was not dismissed', { description: reasons(rest.errors) })
    return isGood
  }
  return { take, dismiss }
}
