import { words } from '../../../shared/format.ts'
import { CheckField, TextField } from '../../../ui/field.tsx'
import { CheckList } from '../parts/check-list.tsx'
import { Editor } from '../parts/editor.tsx'
import { refused } from '../parts/form.ts'
import { useSave } from '../parts/save.ts'
import {
  SettingsSaveWebhookDocument,
  SettingsWebhooksDocument,
  type SettingsWebhookFragment,
  type TicketEventType,
} from './generated/Webhooks.ts'
import { isAddress } from './is-address.ts'

const eventTypes: readonly TicketEventType[] = [
  ...(['TICKET_CREATED', 'TICKET_UPDATED', 'TICKET_DELETED', 'STATUS_CHANGED', 'PRIORITY_CHANGED'] as const),
  ...(['MESSAGE_RECEIVED', 'MESSAGE_SENT', 'MESSAGE_EDITED', 'MESSAGE_DELETED', 'MESSAGE_RECALLED'] as const),
  ...(['DELIVERY_FAILED', 'NOTE_ADDED', 'ASSIGNED', 'UNASSIGNED', 'TRANSFERRED', 'ESCALATED'] as const),
  ...(['SLA_STARTED', 'SLA_WARNING', 'SLA_BREACHED', 'SLA_ACHIEVED', 'SNOOZED', 'WOKE', 'FOLLOW_UP_DUE'] as const),
  ...(['TAGGED', 'UNTAGGED', 'MERGED', 'SPLIT', 'DECISION_MADE', 'DECISION_UNDONE'] as const),
  ...(['ACTION_COMPLETED', 'SATISFACTION_RECORDED', 'RERANKED'] as const),
]
const usual: TicketEventType[] = ['TICKET_CREATED', 'MESSAGE_RECEIVED', 'STATUS_CHANGED']

type WebhookEditorProps = {
  endpoint: SettingsWebhookFragment | null
  onClose: () => void
  onTold: (secret: string) => void
}

export function WebhookEditor({ endpoint, onClose, onTold }: WebhookEditorProps) {
  const [save] = useSave(SettingsSaveWebhookDocument, {
    said: 'The endpoint is saved.',
    refetch: [SettingsWebhooksDocument],
    isQuiet: true,
  })
  return (
    <Editor
      title={endpoint ? 'Edit the endpoint' : 'New endpoint'}
      isWide
      initial={{
        url: endpoint?.url ?? '',
        eventTypes: [...(endpoint?.eventTypes ?? usual)] as string[],
        isActive: endpoint?.isActive ?? true,
        rotateSecret: false,
      }}
      check={({ url, eventTypes: chosen }) => [
        ...(isAddress(url) ? [] : [refused('url', 'An address that begins with https://.')]),
        ...(chosen.length === 0 ? [refused('eventTypes', 'Choose at least one.')] : []),
      ]}
      save={({ eventTypes: chosen, ...values }) => {
        const input = { id: endpoint?.id ?? null, ...values, eventTypes: chosen as TicketEventType[] }
        return save({ input })
      }}
      onSaved={({ payload }) => (payload?.secret ? onTold(payload.secret) : onClose())}
      onClose={onClose}
    >
      {(form) => (
        <>
          <TextField
            label="Address"
            type="url"
            placeholder="https://example.com/hooks"
            autoComplete="off"
            hint="Private addresses are refused, and redirects not followed."
            {...form.text('url')}
          />
          <CheckList
            label="Events"
            columns={3}
            choices={eventTypes.map((value) => ({ value, label: words(value) }))}
            chosen={form.values.eventTypes}
            error={form.errorOf('eventTypes')}
            onChange={(chosen) => form.set('eventTypes', chosen)}
          />
          <CheckField label="Switched on" {...form.check('isActive')} />
          {endpoint && (
            <CheckField
              label="Make a new signing secret"
              hint="The old one still signs for a day."
              {...form.check('rotateSecret')}
            />
          )}
        </>
      )}
    </Editor>
  )
}
