import { CheckField, TextField } from '../../../ui/field.tsx'
import { CheckList } from '../parts/check-list.tsx'
import { Editor } from '../parts/editor.tsx'
import { refused } from '../parts/form.ts'
import { useSave } from '../parts/save.ts'
import {
  SettingsInsightWebhooksDocument,
  SettingsSaveInsightWebhookDocument,
  type InsightMetric,
  type SettingsInsightWebhookFragment,
} from './generated/InsightWebhooks.ts'
import { isAddress } from './is-address.ts'

export const metricNames: Record<InsightMetric, string> = {
  CHURN_RISK: 'Churn risk',
  ENGAGEMENT: 'Engagement',
  LTV_12M: 'Value of the next 12 months',
}

type Values = { url: string; metrics: string[]; minChange: string; isActive: boolean; rotateSecret: boolean }
type InsightWebhookEditorProps = {
  webhook: SettingsInsightWebhookFragment | null
  onClose: () => void
  onTold: (secret: string) => void
}

export function InsightWebhookEditor({ webhook, onClose, onTold }: InsightWebhookEditorProps) {
  const [save] = useSave(SettingsSaveInsightWebhookDocument, {
    said: 'The webhook is saved.',
    refetch: [SettingsInsightWebhooksDocument],
    isQuiet: true,
  })
  return (
    <Editor
      title={webhook ? 'Edit the insight webhook' : 'New insight webhook'}
      initial={{
        url: webhook?.url ?? '',
        metrics: [...(webhook?.metrics ?? ['CHURN_RISK'])] as string[],
        minChange: String(Math.round((webhook?.minChange ?? 0.05) * 10_000) / 100),
        isActive: webhook?.isActive ?? true,
        rotateSecret: false,
      }}
      check={wrongIn}
      save={({ metrics, minChange, ...values }) => {
        const input = {
          id: webhook?.id ?? null,
          ...values,
          metrics: metrics as InsightMetric[],
          minChange: Number(minChange) / 100,
        }
        return save({ input })
      }}
      onSaved={({ payload }) => (payload?.secret ? onTold(payload.secret) : onClose())}
      onClose={onClose}
    >
      {(form) => (
        <>
          <TextField label="Address" type="url" placeholder="https://example.com/hooks" {...form.text('url')} />
          <CheckList
            label="Of which figures"
            columns={1}
            choices={Object.entries(metricNames).map(([value, label]) => ({ value, label }))}
            chosen={form.values.metrics}
            error={form.errorOf('metrics')}
            onChange={(metrics) => form.set('metrics', metrics)}
          />
          <TextField
            label="Least change in percent"
            type="number"
            min={0}
            max={100}
            step="any"
            hint="Points of churn risk; of the value before for the others. Smaller steps add up."
            {...form.text('minChange')}
          />
          <CheckField label="Switched on" {...form.check('isActive')} />
          {webhook && (
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

function wrongIn({ url, metrics, minChange }: Values) {
  const least = Number(minChange)
  return [
    ...(isAddress(url) ? [] : [refused('url', 'An address that begins with https://.')]),
    ...(metrics.length === 0 ? [refused('metrics', 'Choose at least one.')] : []),
    ...(minChange.trim() === '' || !(least >= 0 && least <= 100) ? [refused('minChange', 'From 0 to 100.')] : []),
  ]
}
