import { useQuery } from '@apollo/client/react'
import { Plus, Tag, X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useCommand } from '../../commands/use-command.ts'
import { useMutate } from '../../graph/mutate.ts'
import { useViewer } from '../../session/viewer.tsx'
import {
  InboxDeleteTopicAlertDocument,
  InboxSaveTopicAlertDocument,
  InboxTopicAlertsDocument,
  type InboxTopicAlertFragment,
} from './generated/TopicAlerts.ts'

/** Words that lift the tickets that contain them: typed, or accepted where many tickets suddenly have one in common. */
export function TopicAlerts({ onChanged }: { onChanged: () => void }) {
  const { data } = useQuery(InboxTopicAlertsDocument)
  const me = useViewer().agent?.id
  const { save, remove } = useTopicAlerts(onChanged)
  const [isAdding, setAdding] = useState(false)
  useCommand({
    id: 'inbox.topic-alert',
    title: 'Add a topic alert',
    section: 'Inbox',
    keywords: ['keyword', 'lift'],
    run: () => setAdding(true),
  })
  const alerts = data?.topicAlerts ?? []
  const taken = new Set(alerts.flatMap(({ keywords }) => keywords.map((word) => word.toLowerCase())))
  const suggested = (data?.suggestedTopicAlerts ?? []).filter(({ keyword }) => !taken.has(keyword.toLowerCase()))
  return (
    <ul aria-label="Topic alerts" className="flex flex-wrap items-center gap-1.5">
      {alerts.map((alert) => (
        <li key={alert.id}>
          <AlertChip alert={alert} onRemove={alert.createdBy.id === me ? () => remove(alert) : undefined} />
        </li>
      ))}
      {suggested.slice(0, 3).map(({ keyword, matching, explanation }) => (
        <li key={keyword}>
          <button
            type="button"
            title={explanation}
            aria-label={`Add the suggested topic alert ${keyword}, ${matching} tickets`}
            onClick={() => save(keyword)}
            className="inline-flex min-h-6 items-center gap-1 rounded-full border border-dashed border-line-strong px-2 text-xs text-ink-soft hover:bg-raised hover:text-ink"
          >
            <Plus aria-hidden className="size-3" />
            {keyword} <span className="text-ink-faint">{matching}</span>
          </button>
        </li>
      ))}
      <li>
        {isAdding ? (
          <NewAlert onSave={save} onDone={() => setAdding(false)} />
        ) : (
          <button
            type="button"
            onClick={() => setAdding(true)}
            className="-ml-1 inline-flex min-h-6 items-center gap-1 rounded-full px-2 text-xs text-ink-soft hover:bg-raised hover:text-ink"
          >
            <Tag aria-hidden className="size-3" />
            {alerts.length === 0 ? 'Add a topic alert' : 'Add'}
          </button>
        )}
      </li>
    </ul>
  )
}

function AlertChip({
  alert,
  onRemove,
}: {
  alert: InboxTopicAlertFragment
  onRemove: (() => void) | undefined
}): ReactNode {
  const name = alert.keywords.join(', ')
  const whose = onRemove ? '' : `, set by ${alert.createdBy.name}`
  return (
    <span
      title={`Lifts tickets with “${name}”${whose}`}
      className="inline-flex min-h-6 items-center gap-1 rounded-full bg-accent-soft pl-2 text-xs font-medium text-accent"
    >
      <Tag aria-hidden className="size-3" />
      {name}
      <span className="font-normal">
        {alert.matching}
        <span className="sr-only"> tickets</span>
      </span>
      {onRemove ? (
        <button
          type="button"
          aria-label={`Remove the topic alert ${name}`}
          onClick={onRemove}
          className="inline-flex size-6 items-center justify-center rounded-full hover:bg-surface"
        >
          <X aria-hidden className="size-3" />
        </button>
      ) : (
        <span className="w-2" />
      )}
    </span>
  )
}

/** Enter or a comma ends a word; Escape or going elsewhere ends the adding. */
function NewAlert({ onSave, onDone }: { onSave: (word: string) => void; onDone: () => void }) {
  const [word, setWord] = useState('')
  const end = () => {
    const keyword = word.trim()
    setWord('')
    if (keyword !== '') onSave(keyword)
  }
  return (
    <input
      // It was asked for just now.
      autoFocus
      aria-label="New topic alert"
      placeholder="Word or phrase"
      maxLength={100}
      value={word}
      onChange={({ target }) => setWord(target.value)}
      onBlur={() => {
        end()
        onDone()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          setWord('')
          onDone()
        }
        if (event.key !== 'Enter' && event.key !== ',') return
        event.preventDefault()
        end()
      }}
      className="min-h-6 w-32 rounded-full border border-line-strong/60 bg-surface px-2 text-xs placeholder:text-ink-faint"
    />
  )
}

/** Saved and deleted at once here; the inbox is read again when the server has them, for its order changes. */
function useTopicAlerts(onChanged: () => void) {
  const [runSave] = useMutate(InboxSaveTopicAlertDocument)
  const [runDelete] = useMutate(InboxDeleteTopicAlertDocument)
  const save = async (keyword: string) => {
    const outcome = await runSave(
      { input: { keywords: [keyword] } },
      {
        update(cache, { data }) {
          const alert = data?.saveTopicAlert.topicAlert
          if (!alert) return
          cache.updateQuery({ query: InboxTopicAlertsDocument }, (now) =>
            now ? { ...now, topicAlerts: [...now.topicAlerts.filter(({ id }) => id !== alert.id), alert] } : now,
          )
        },
      },
    )
    if (outcome.isGood) onChanged()
  }
  const remove = async ({ id }: InboxTopicAlertFragment) => {
    const outcome = await runDelete(
      { input: { id } },
      {
        optimisticResponse: {
          __typename: 'Mutation',
          deleteTopicAlert: { __typename: 'DeletePayload', deletedId: id, userErrors: [] },
        },
        update(cache, { data }) {
          if (data?.deleteTopicAlert.deletedId)
            cache.updateQuery({ query: InboxTopicAlertsDocument }, (now) =>
              now ? { ...now, topicAlerts: now.topicAlerts.filter((alert) => alert.id !== id) } : now,
            )
        },
      },
    )
    if (outcome.isGood) onChanged()
  }
  return {
    save: (keyword: string) => void save(keyword),
    remove: (alert: InboxTopicAlertFragment) => void remove(alert),
  }
}
