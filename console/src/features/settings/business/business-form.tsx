import { useEffect, useRef, useState, type FormEvent } from 'react'
import { useMay } from '../../../session/viewer.tsx'
import { Button } from '../../../ui/button.tsx'
import { TextArea, TextField } from '../../../ui/field.tsx'
import { Section } from '../../../ui/page.tsx'
import { useForm, type Form } from '../parts/form.ts'
import { LeaveGuard } from '../parts/guard.tsx'
import { Refusals } from '../parts/refusals.tsx'
import { useSave } from '../parts/save.ts'
import { SwitchRow } from '../parts/switch.tsx'
import { SettingsSaveBusinessDocument, type SettingsBusinessFragment } from './generated/Business.ts'
import { RankingFields } from './ranking-fields.tsx'
import { businessValues, changesOf, wrongInBusiness, type BusinessValues } from './values.ts'

/** What the business chose. Saves only what was changed here. */
export function BusinessForm({ tenant }: { tenant: SettingsBusinessFragment }) {
  const mayChange = useMay()('config:write')
  const kept = businessValues(tenant)
  const form = useForm(kept)
  const [save, isBusy] = useSave(SettingsSaveBusinessDocument, { said: 'The settings are saved.', isQuiet: true })
  const [attempts, setAttempts] = useState(0)
  const element = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (attempts > 0) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [attempts])

  async function submit(event: FormEvent) {
    event.preventDefault()
    const wrong = wrongInBusiness(form.values)
    const outcome = wrong.length > 0 ? null : await save({ input: changesOf(form.values, kept) })
    if (outcome?.isGood && outcome.payload.tenant) return form.settle(businessValues(outcome.payload.tenant))
    form.setErrors(outcome && !outcome.isGood ? outcome.errors : wrong)
    setAttempts((count) => count + 1)
  }

  return (
    <form ref={element} noValidate onSubmit={(event) => void submit(event)}>
      <fieldset disabled={!mayChange} className="flex flex-col gap-4">
        {!mayChange && <p className="text-sm text-ink-soft">You may read this. A manager may change it.</p>}
        <Identity form={form} />
        <Replies form={form} />
        <RankingFields form={form} />
        <Retention form={form} currency={tenant.currencyCode} />
      </fieldset>
      <Refusals errors={form.others} />
      <LeaveGuard isDirty={form.isDirty} />
      {form.isDirty && (
        <div className="sticky bottom-0 mt-4 flex items-center justify-end gap-2 rounded-lg border border-line bg-surface p-3 shadow-lg">
          <p className="flex-1 text-sm text-ink-soft">There are changes that are not saved.</p>
          <Button onClick={() => form.settle(kept)}>Discard</Button>
          <Button kind="primary" type="submit" isBusy={isBusy}>
            Save changes
          </Button>
        </div>
      )}
    </form>
  )
}

type PartProps = { form: Form<BusinessValues> }

function Identity({ form }: PartProps) {
  return (
    <Section title="Who you are">
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label="Brand" hint="The name that customers know you by." {...form.text('brand')} />
        <TextField
          label="Language"
          hint="Of replies, unless a customer has another: en, de-CH."
          {...form.text('locale')}
        />
        <div className="sm:col-span-2">
          <TextArea label="Signature" rows={3} hint="What messages end with." {...form.text('signature')} />
        </div>
      </div>
    </Section>
  )
}

function Replies({ form }: PartProps) {
  const flag = (name: 'aiDrafts' | 'aiRecommendations' | 'autoTriage', label: string, hint: string) => (
    <SwitchRow label={label} hint={hint} isOn={form.values[name]} onChange={(isOn) => form.set(name, isOn)} />
  )
  return (
    <Section title="Replies">
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Undo send, in seconds"
          type="number"
          min={0}
          max={120}
          hint="How long a reply is held and can be taken back."
          {...form.text('undoSendSeconds')}
        />
        <TextField
          label="Reopen within, in days"
          type="number"
          min={0}
          max={365}
          hint="Later, an answer of the customer opens a new ticket."
          {...form.text('reopenWindowDays')}
        />
      </div>
      <div className="mt-3 divide-y divide-line border-t border-line">
        {flag('aiDrafts', 'Draft replies', 'A reply waits in the composer before anybody opens the ticket.')}
        {flag('aiRecommendations', 'Recommend next actions', 'What to do beside replying, as a checklist.')}
        {flag('autoTriage', 'Read what arrives', 'For sentiment, intent, category and difficulty.')}
      </div>
    </Section>
  )
}

function Retention({ form, currency }: PartProps & { currency: string }) {
  return (
    <Section title="Customers and records">
      <div className="grid gap-4 sm:grid-cols-3">
        <TextField
          label={`VIP from, in ${currency}`}
          inputMode="decimal"
          hint="Of lifetime value. Empty for no VIPs."
          {...form.text('vipFromLifetimeValue')}
        />
        <TextField
          label="Keep messages, in days"
          inputMode="numeric"
          hint="Of closed tickets. Empty for ever."
          {...form.text('messageRetentionDays')}
        />
        <TextField
          label="Keep events, in days"
          type="number"
          min={1}
          max={3650}
          hint="Those of open tickets stay."
          {...form.text('eventRetentionDays')}
        />
      </div>
    </Section>
  )
}
