import { useQuery } from '@apollo/client/react'
import { Radar } from 'lucide-react'
import { useState } from 'react'
import { formatPercent } from '../../../shared/format.ts'
import { ConfirmRemoval } from '../parts/confirm.tsx'
import { actionsColumn, Listing } from '../parts/listing.tsx'
import { useSave } from '../parts/save.ts'
import { useCreateCommand } from '../parts/use-create.ts'
import { Deliveries } from './deliveries.tsx'
import { endpointColumns } from './endpoint-columns.tsx'
import {
  SettingsDeleteInsightWebhookDocument,
  SettingsInsightWebhooksDocument,
  type SettingsInsightWebhookFragment,
} from './generated/InsightWebhooks.ts'
import { InsightWebhookEditor, metricNames } from './insight-editor.tsx'
import { SecretShown } from './section.tsx'

type Shown =
  | { kind: 'edit'; webhook: SettingsInsightWebhookFragment | null }
  | { kind: 'delete' | 'log'; webhook: SettingsInsightWebhookFragment }
  | { kind: 'told'; secret: string }
  | null

export function InsightWebhooksSection() {
  const [shown, setShown] = useState<Shown>(null)
  const { data, error, refetch } = useQuery(SettingsInsightWebhooksDocument, { fetchPolicy: 'cache-and-network' })
  const [remove] = useSave(SettingsDeleteInsightWebhookDocument, {
    said: 'The webhook is deleted.',
    refetch: [SettingsInsightWebhooksDocument],
  })
  const create = () => setShown({ kind: 'edit', webhook: null })
  useCreateCommand('insight webhook', true, create)
  const close = () => setShown(null)
  return (
    <>
      <Listing
        caption="Insight webhooks"
        answer={{ rows: data?.insightWebhooks, error, refetch }}
        keyOf={({ id }) => id}
        isMuted={({ isActive }) => !isActive}
        columns={[
          ...endpointColumns<SettingsInsightWebhookFragment>(
            (webhook) => setShown({ kind: 'edit', webhook }),
            ({ metrics, minChange }) => (
              <>
                {metrics.map((metric) => metricNames[metric]).join(', ')}
                <span className="block text-xs text-ink-faint">from {formatPercent(minChange)} on</span>
              </>
            ),
          ),
          actionsColumn<SettingsInsightWebhookFragment>(
            ({ url }) => url,
            (webhook) => [
              { id: 'log', label: 'Deliveries', run: () => setShown({ kind: 'log', webhook }) },
              { id: 'edit', label: 'Edit', run: () => setShown({ kind: 'edit', webhook }) },
              { id: 'line', separator: true },
              { id: 'delete', label: 'Delete…', isDanger: true, run: () => setShown({ kind: 'delete', webhook }) },
            ],
          ),
        ]}
        empty={{
          icon: Radar,
          title: 'Nobody is told of changes yet',
          text: 'A webhook hears when a customer’s churn risk, engagement or value moves far enough to matter.',
        }}
        create={{ label: 'New insight webhook', run: create }}
      />
      {shown?.kind === 'edit' && (
        <InsightWebhookEditor
          webhook={shown.webhook}
          onClose={close}
          onTold={(secret) => setShown({ kind: 'told', secret })}
        />
      )}
      {shown?.kind === 'log' && (
        <Deliveries of="insight" id={shown.webhook.id} url={shown.webhook.url} onClose={close} />
      )}
      {shown?.kind === 'delete' && (
        <ConfirmRemoval
          what="this webhook"
          onClose={close}
          onConfirm={() => remove({ input: { id: shown.webhook.id } })}
        >
          {shown.webhook.url} gets nothing more.
        </ConfirmRemoval>
      )}
      {shown?.kind === 'told' && <SecretShown secret={shown.secret} onClose={close} />}
    </>
  )
}
