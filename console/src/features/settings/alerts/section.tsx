import { useQuery } from '@apollo/client/react'
import { Bell, Plus } from 'lucide-react'
import { useState } from 'react'
import { useMay, useViewer } from '../../../session/viewer.tsx'
import { Ago } from '../../../shared/now.tsx'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Section } from '../../../ui/page.tsx'
import type { Column } from '../../../ui/table.tsx'
import { ConfirmRemoval } from '../parts/confirm.tsx'
import { actionsColumn, Listing, RowName } from '../parts/listing.tsx'
import { useSave } from '../parts/save.ts'
import { useCreateCommand } from '../parts/use-create.ts'
import { AlertEditor, scopeWords } from './alert-editor.tsx'
import {
  SettingsDeleteTopicAlertDocument,
  SettingsSaveTopicAlertDocument,
  SettingsTopicAlertsDocument,
  type SettingsTopicAlertFragment,
  type SettingsTopicAlertsQuery,
} from './generated/TopicAlerts.ts'

export function AlertsSection() {
  const { agent } = useViewer()
  const leads = useMay()('ticket:assign')
  const [shown, setShown] = useState<{ alert: SettingsTopicAlertFragment | null } | null>(null)
  const [ending, setEnding] = useState<SettingsTopicAlertFragment | null>(null)
  const { data, error, refetch } = useQuery(SettingsTopicAlertsDocument, { fetchPolicy: 'cache-and-network' })
  const refetchList = [SettingsTopicAlertsDocument]
  const [remove] = useSave(SettingsDeleteTopicAlertDocument, { said: 'The alert is ended.', refetch: refetchList })
  const [add] = useSave(SettingsSaveTopicAlertDocument, { said: 'The alert is set for a day.', refetch: refetchList })
  const create = () => setShown({ alert: null })
  useCreateCommand('topic alert', true, create)
  const mayChange = ({ createdBy }: SettingsTopicAlertFragment) => createdBy.id === agent?.id || leads
  return (
    <>
      <Listing
        caption="Topic alerts"
        answer={{ rows: data?.topicAlerts, error, refetch }}
        keyOf={({ id }) => id}
        columns={[
          ...columns((alert) => (mayChange(alert) ? () => setShown({ alert }) : undefined)),
          actionsColumn<SettingsTopicAlertFragment>(
            ({ keywords }) => keywords.join(', '),
            (alert) =>
              mayChange(alert)
                ? [
                    { id: 'edit', label: 'Edit', run: () => setShown({ alert }) },
                    { id: 'line', separator: true },
                    { id: 'end', label: 'End it…', isDanger: true, run: () => setEnding(alert) },
                  ]
                : [],
          ),
        ]}
        empty={{
          icon: Bell,
          title: 'No topic alerts',
          text: 'When something is going on, name it: tickets that speak of it rise in the inbox until the alert ends.',
        }}
        create={{ label: 'New alert', run: create }}
      />
      <Suggestions
        suggestions={data?.suggestedTopicAlerts ?? []}
        onAdd={(keyword) => void add({ input: { keywords: [keyword] } })}
      />
      {shown && <AlertEditor alert={shown.alert} onClose={() => setShown(null)} />}
      {ending && (
        <ConfirmRemoval
          verb="End"
          what={`the alert for ${ending.keywords.join(', ')}`}
          onClose={() => setEnding(null)}
          onConfirm={() => remove({ input: { id: ending.id } })}
        >
          Tickets that speak of it fall back to where they would be without it.
        </ConfirmRemoval>
      )}
    </>
  )
}

type SuggestionsProps = {
  suggestions: SettingsTopicAlertsQuery['suggestedTopicAlerts']
  onAdd: (keyword: string) => void
}

function Suggestions({ suggestions, onAdd }: SuggestionsProps) {
  if (suggestions.length === 0) return null
  return (
    <Section title="Suggested: spoken of more than usual" className="mt-4">
      <ul className="divide-y divide-line">
        {suggestions.map(({ keyword, explanation }) => (
          <li key={keyword} className="flex items-center gap-3 py-2">
            <div className="flex-1">
              <p className="font-medium">{keyword}</p>
              <p className="text-xs text-ink-soft">{explanation}</p>
            </div>
            <Button aria-label={`Set an alert for ${keyword}`} onClick={() => onAdd(keyword)}>
              <Plus aria-hidden className="size-4" />
              Set an alert
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  )
}

const columns = (
  edit: (alert: SettingsTopicAlertFragment) => (() => void) | undefined,
): Column<SettingsTopicAlertFragment>[] => [
  {
    id: 'words',
    title: 'Words',
    isHeading: true,
    className: 'w-1/2',
    cell: (alert) => <RowName name={alert.keywords.join(', ')} onOpen={edit(alert)} />,
  },
  { id: 'scope', title: 'In', cell: ({ scope }) => <Badge>{scopeWords[scope]}</Badge> },
  { id: 'by', title: 'By', cell: ({ createdBy }) => createdBy.name },
  { id: 'matching', title: 'Tickets', isNumber: true, cell: ({ matching }) => matching },
  {
    id: 'ends',
    title: 'Ends',
    className: 'whitespace-nowrap',
    cell: ({ expiresAt }) => (expiresAt ? <Ago at={expiresAt} /> : 'Never'),
  },
]
