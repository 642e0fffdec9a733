import { useQuery } from '@apollo/client/react'
import { Webhook } from 'lucide-react'
import { useState } from 'react'
import { useMay } from '../../../session/viewer.tsx'
import { words } from '../../../shared/format.ts'
import { ConfirmRemoval } from '../parts/confirm.tsx'
import { actionsColumn, Listing } from '../parts/listing.tsx'
import { useSave } from '../parts/save.ts'
import { ShownOnce } from '../parts/shown-once.tsx'
import { useCreateCommand } from '../parts/use-create.ts'
import { Deliveries } from './deliveries.tsx'
import { endpointColumns } from './endpoint-columns.tsx'
import {
  SettingsDeleteWebhookDocument,
  SettingsWebhooksDocument,
  type SettingsWebhookFragment,
} from './generated/Webhooks.ts'
import { WebhookEditor } from './webhook-editor.tsx'

type Shown =
  | { kind: 'edit'; endpoint: SettingsWebhookFragment | null }
  | { kind: 'delete' | 'log'; endpoint: SettingsWebhookFragment }
  | { kind: 'told'; secret: string }
  | null

export function WebhooksSection() {
  const mayChange = useMay()('config:write')
  const [shown, setShown] = useState<Shown>(null)
  const { data, error, refetch } = useQuery(SettingsWebhooksDocument, { fetchPolicy: 'cache-and-network' })
  const [remove] = useSave(SettingsDeleteWebhookDocument, {
    said: 'The endpoint is deleted.',
    refetch: [SettingsWebhooksDocument],
  })
  const create = () => setShown({ kind: 'edit', endpoint: null })
  useCreateCommand('webhook endpoint', mayChange, create)
  const close = () => setShown(null)
  return (
    <>
      <Listing
        caption="Webhook endpoints"
        answer={{ rows: data?.webhookEndpoints, error, refetch }}
        keyOf={({ id }) => id}
        isMuted={({ isActive }) => !isActive}
        columns={[
          ...endpointColumns<SettingsWebhookFragment>(
            mayChange ? (endpoint) => setShown({ kind: 'edit', endpoint }) : undefined,
            ({ eventTypes }) => (
              <span title={eventTypes.map(words).join(', ')}>
                {eventTypes.length <= 2 ? eventTypes.map(words).join(', ') : `${eventTypes.length} kinds of event`}
              </span>
            ),
          ),
          actionsColumn<SettingsWebhookFragment>(
            ({ url }) => url,
            (endpoint) => [
              { id: 'log', label: 'Deliveries', run: () => setShown({ kind: 'log', endpoint }) },
              ...(mayChange
                ? [
                    { id: 'edit', label: 'Edit', run: () => setShown({ kind: 'edit', endpoint }) },
                    { id: 'line', separator: true as const },
                    {
                      id: 'delete',
                      label: 'Delete…',
                      isDanger: true,
                      run: () => setShown({ kind: 'delete', endpoint }),
                    },
                  ]
                : []),
            ],
          ),
        ]}
        empty={{
          icon: Webhook,
          title: 'Nobody is told yet',
          text: 'An endpoint gets each ticket event as it happens, signed, and again until it accepts it.',
        }}
        create={mayChange ? { label: 'New endpoint', run: create } : undefined}
      />
      {shown?.kind === 'edit' && (
        <WebhookEditor
          endpoint={shown.endpoint}
          onClose={close}
          onTold={(secret) => setShown({ kind: 'told', secret })}
        />
      )}
      {shown?.kind === 'log' && (
        <Deliveries of="tickets" id={shown.endpoint.id} url={shown.endpoint.url} onClose={close} />
      )}
      {shown?.kind === 'delete' && (
        <ConfirmRemoval
          what="this endpoint"
          onClose={close}
          onConfirm={() => remove({ input: { id: shown.endpoint.id } })}
        >
          {shown.endpoint.url} gets nothing more, and what waits to be sent to it is dropped.
        </ConfirmRemoval>
      )}
      {shown?.kind === 'told' && <SecretShown secret={shown.secret} onClose={close} />}
    </>
  )
}

export function SecretShown({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <ShownOnce
      title="The signing secret"
      label="Signing secret"
      secret={secret}
      advice="Your endpoint checks with it that what it gets comes from here. A secret before it still signs for a day."
      onClose={onClose}
    />
  )
}
