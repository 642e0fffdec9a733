import { SelectField, TextField } from '../../../ui/field.tsx'
import { Section } from '../../../ui/page.tsx'
import type { Form } from '../parts/form.ts'
import type { BusinessValues } from './values.ts'
import { weightMeanings, weightNames } from './weights.ts'

const formulas = [
  { value: 'default', label: 'Default: waiting counts by the day' },
  { value: 'SEED_V1', label: 'SEED_V1: fresh tickets first' },
]

/** By what the inbox is ranked: there is no other order. */
export function RankingFields({ form }: { form: Form<BusinessValues> }) {
  const weights = form.values.scoringWeights
  const error = form.errorOf('scoringWeights')
  return (
    <Section title="How the inbox is ranked">
      <p className="mb-3 max-w-prose text-sm text-ink-soft">
        A ticket’s score is the sum of its parts, each times its weight; the highest stands first. Nobody sorts the
        inbox by hand, so these weights are the one place to change its order. Every ticket shows how its score came
        about.
      </p>
      <div className="mb-4 max-w-sm">
        <SelectField label="Formula" options={formulas} {...form.text('scoringFormulaVersion')} />
      </div>
      <div className="grid gap-x-6 gap-y-3 sm:grid-cols-2">
        {weightNames.map((name) => {
          const [label, hint] = weightMeanings[name]
          const isHard = name === 'difficultyHard'
          return (
            <div key={name} className="grid grid-cols-[1fr_5rem] items-center gap-3">
              <div>
                <p className="text-sm">{label}</p>
                <p className="text-xs text-ink-faint">{hint}</p>
              </div>
              <TextField
                label={`Weight: ${label}`}
                isLabelHidden
                type="number"
                step="any"
                min={isHard ? -100 : 0}
                max={isHard ? 0 : 100}
                className="text-right tabular-nums"
                value={weights[name] ?? ''}
                onChange={(event) => form.set('scoringWeights', { ...weights, [name]: event.target.value })}
              />
            </div>
          )
        })}
      </div>
      {error && (
        <p role="alert" className="mt-2 text-xs text-bad">
          {error}
        </p>
      )}
    </Section>
  )
}
