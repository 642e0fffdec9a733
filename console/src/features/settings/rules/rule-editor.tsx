import { CheckField, SelectField, TextField } from '../../../ui/field.tsx'
import { ConditionsEditor, type Draft } from '../conditions/editor.tsx'
import { ruleFields } from '../conditions/fields.ts'
import { usePlaces } from '../conditions/use-places.ts'
import { Editor } from '../parts/editor.tsx'
import { useSave } from '../parts/save.ts'
import { ActionsEditor } from './actions-editor.tsx'
import { DryRun } from './dry-run.tsx'
import { SettingsRulesDocument, SettingsSaveRuleDocument, type SettingsRuleFragment } from './generated/Rules.ts'
import { inputOfValues, ruleValues, wrongInRule, type RuleValues } from './rule-input.ts'
import { triggers, triggerWords } from './triggers.ts'

type RuleEditorProps = { rule: SettingsRuleFragment | null; order: number; onClose: () => void }

/** A rule: when, if, then; tried before it is saved. */
export function RuleEditor({ rule, order, onClose }: RuleEditorProps) {
  const places = usePlaces()
  const [save] = useSave(SettingsSaveRuleDocument, {
    said: 'The rule is saved. It acts on what happens from now on.',
    refetch: [SettingsRulesDocument],
    isQuiet: true,
  })
  const place = { id: rule?.id ?? null, order: rule?.order ?? order }
  return (
    <Editor<RuleValues>
      title={rule ? `Edit ${rule.name}` : 'New rule'}
      description="It fires once per ticket and cause, and a chain of automations ends after five: rules cannot run in circles."
      isWide
      initial={ruleValues(rule)}
      check={wrongInRule}
      save={(values) => save({ input: inputOfValues(values, place) })}
      onClose={onClose}
      aside={(form) => <CheckField label="Switched on" {...form.check('isActive')} />}
    >
      {(form) => {
        const { trigger, conditions, actions } = form.values
        return (
          <>
            <div className="grid gap-4 sm:grid-cols-2">
              <TextField label="Name" autoComplete="off" {...form.text('name')} />
              <SelectField
                label="When"
                value={trigger}
                error={form.errorOf('trigger')}
                onChange={({ target }) => {
                  const next = target.value as RuleValues['trigger']
                  form.set('trigger', next)
                  form.set('conditions', conditionsFor(next, conditions))
                }}
                options={triggers.map((value) => ({ value, label: triggerWords[value] }))}
              />
            </div>
            <ConditionsEditor
              draft={conditions}
              fields={ruleFields(places, trigger === 'TIME_IN_STATE')}
              error={form.errorOf('conditions')}
              always="It holds every time. Add conditions to make it choosy."
              onChange={(next) => form.set('conditions', next)}
            />
            <ActionsEditor
              actions={actions}
              places={places}
              error={form.errorOf('actions')}
              onChange={(next) => form.set('actions', next)}
            />
            <DryRun input={inputOfValues({ ...form.values, name: form.values.name || 'Untitled' }, place)} />
          </>
        )
      }}
    </Editor>
  )
}

const twoDays = 2 * 86_400

/** A rule on time in a state says how long; other rules cannot. */
function conditionsFor(trigger: RuleValues['trigger'], draft: Draft): Draft {
  if (draft.kind === 'text') return draft
  const others = draft.rows.filter(({ leaf }) => leaf.field !== 'secondsInState')
  if (trigger !== 'TIME_IN_STATE') return { ...draft, rows: others }
  if (others.length < draft.rows.length) return draft
  const key = draft.rows.reduce((most, row) => Math.max(most, row.key), -1) + 1
  const leaf = { field: 'secondsInState', op: 'gte' as const, value: twoDays }
  return { kind: 'list', match: 'all', rows: [{ key, leaf }, ...others] }
}
