import { useQuery } from '@apollo/client/react'
import { formatDateTime, formatPercent, words } from '../../shared/format.ts'
import { Missing, Skeleton } from '../../ui/state.tsx'
import { TicketSideTriageDocument, type TicketSideTriageQuery } from './generated/Triage.ts'
import { SidePanel } from './side-panel.tsx'
import { useReread } from './use-reread.ts'
import type { TicketNow } from './use-ticket.ts'

type Triage = NonNullable<NonNullable<TicketSideTriageQuery['ticket']>['triage']>

/** What was read in the conversation. What the models are not sure of is not said. */
export function TriagePanel({ ticket }: { ticket: TicketNow }) {
  const { data, error, loading, refetch } = useQuery(TicketSideTriageDocument, { variables: { id: ticket.id } })
  useReread(ticket.conversationRevision, refetch)
  const triage = data?.ticket?.triage ?? null
  return (
    <SidePanel
      name="triage"
      title="Read from the conversation"
      summary={triage?.intent && <span className="text-xs">{words(triage.intent.label)}</span>}
    >
      {loading && !data && <Skeleton className="h-20" label="Loading what was read" />}
      {error && !triage && <Missing what="What was read from the conversation" />}
      {data && !error && !triage && <p className="text-sm text-ink-soft">Nothing was read yet.</p>}
      {triage && <Readings triage={triage} />}
    </SidePanel>
  )
}

function Readings({ triage }: { triage: Triage }) {
  const { intent, category, urgency, sentiment, language, difficulty, tags, promises } = triage
  return (
    <>
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-sm">
        {intent && (
          <Reading name="Wants" value={words(intent.label)} sure={intent.confidence} evidence={intent.evidence} />
        )}
        {category && <Reading name="Category" value={words(category.label)} sure={category.confidence} />}
        {urgency && <Reading name="Urgency" value={words(urgency.label)} sure={urgency.confidence} />}
        <Reading
          name="Mood"
          value={`${words(sentiment.emotion)}, ${moodOf(sentiment.score)}`}
          sure={sentiment.confidence}
        />
        {language !== 'und' && <Reading name="Language" value={languageName(language)} />}
        <Reading name="Difficulty" value={difficulty < 0.34 ? 'Easy' : difficulty < 0.67 ? 'Medium' : 'Hard'} />
        {tags.map(({ label, confidence }) => (
          <Reading key={label} name="Flag" value={words(label)} sure={confidence} />
        ))}
      </dl>
      {promises.length > 0 && (
        <ul aria-label="Promises" className="mt-2 border-t border-line pt-2 text-xs text-ink-soft">
          {promises.map(({ text, dueAt }) => (
            <li key={text}>
              Promised: “{text}”{dueAt && `, by ${formatDateTime(dueAt)}`}
            </li>
          ))}
        </ul>
      )}
      {!intent && !category && (
        <p className="mt-2 text-xs text-ink-faint">The models are not sure enough of what is wanted to say it.</p>
      )}
    </>
  )
}

const moodOf = (score: number) => (score < 0.4 ? 'negative' : score > 0.6 ? 'positive' : 'balanced')

/** "en" → "English", in the person's own language. */
function languageName(code: string): string {
  try {
    return new Intl.DisplayNames(undefined, { type: 'language' }).of(code) ?? code
  } catch {
    return code
  }
}

type ReadingProps = { name: string; value: string; sure?: number; evidence?: readonly string[] }

function Reading({ name, value, sure, evidence = [] }: ReadingProps) {
  return (
    <>
      <dt className="text-ink-faint">{name}</dt>
      <dd>
        {value}
        {sure !== undefined && <span className="text-xs text-ink-faint"> {formatPercent(sure)} sure</span>}
        {evidence.length > 0 && <span className="block text-xs text-ink-faint">by “{evidence.join('”, “')}”</span>}
      </dd>
    </>
  )
}
