import type { FormEvent } from 'react'
import { useMay } from '../../../session/viewer.tsx'
import { Button } from '../../../ui/button.tsx'
import { TextField } from '../../../ui/field.tsx'
import { Section } from '../../../ui/page.tsx'
import { useForm } from '../parts/form.ts'
import { Refusals } from '../parts/refusals.tsx'
import { useSave } from '../parts/save.ts'
import { SettingsSaveModelsDocument } from './generated/Business.ts'

const nothing = { churnHorizonDays: '', retrainSchedule: '' }

/** What the business says of its models. What it said before cannot be read, so the form begins empty, and says so. */
export function ModelsForm() {
  const mayChange = useMay()('config:write')
  const form = useForm(nothing)
  const [save, isBusy] = useSave(SettingsSaveModelsDocument, { said: 'The models are set.', isQuiet: true })
  if (!mayChange) return null
  async function submit(event: FormEvent) {
    event.preventDefault()
    const { churnHorizonDays, retrainSchedule } = form.values
    const outcome = await save({
      input: {
        churnHorizonDays: churnHorizonDays.trim() === '' ? null : Number(churnHorizonDays),
        retrainSchedule: retrainSchedule.trim() || null,
      },
    })
    if (outcome.isGood) form.settle(form.values)
    else form.setErrors(outcome.errors)
  }
  return (
    <Section title="Models">
      <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label="Days without a purchase that count as churn"
            inputMode="numeric"
            placeholder="Measured at each training"
            hint="28 to 365. Empty: two and a half usual gaps between purchases."
            {...form.text('churnHorizonDays')}
          />
          <TextField
            label="When to train"
            placeholder="Once a week"
            hint="Five cron fields in UTC, such as 0 3 * * 0, or off. Empty: once a week."
            {...form.text('retrainSchedule')}
          />
        </div>
        <Refusals errors={form.others} />
        <div className="flex items-center gap-3">
          <Button type="submit" isBusy={isBusy}>
            Set the models
          </Button>
          <p className="text-xs text-ink-faint">
            Both are set together; what is empty goes back to its default. What was set before cannot be shown.
          </p>
        </div>
      </form>
    </Section>
  )
}
