import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react'
import { Button, IconButton } from '../../../ui/button.tsx'
import { SelectField } from '../../../ui/field.tsx'
import type { Places } from '../conditions/fields.ts'
import { ActionFields } from './action-fields.tsx'
import { actionKinds, actionWords, freshAction, type ActionDraft, type ActionKind } from './actions.ts'

type ActionsEditorProps = {
  actions: ActionDraft[]
  places: Places
  error?: string | undefined
  onChange: (actions: ActionDraft[]) => void
}

/** What a rule does, in order. */
export function ActionsEditor({ actions, places, error, onChange }: ActionsEditorProps) {
  const set = (changed: ActionDraft) => onChange(actions.map((one) => (one.key === changed.key ? changed : one)))
  const add = () => {
    const key = actions.reduce((most, one) => Math.max(most, one.key), -1) + 1
    onChange([...actions, { key, kind: 'tag', given: freshAction.tag }])
  }
  const swap = (at: number) => onChange(actions.toSpliced(at, 2, ...actions.slice(at, at + 2).toReversed()))
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">Actions</legend>
      {actions.map((action, at) => (
        <div
          key={action.key}
          role="group"
          aria-label={`Action ${at + 1}`}
          className="flex items-start gap-2 rounded-md border border-line p-2"
        >
          <div className="grid min-w-0 flex-1 items-start gap-2 sm:grid-cols-[12rem_1fr]">
            <SelectField
              label={`${at + 1}. Do`}
              value={action.kind}
              onChange={({ target }) => {
                const kind = target.value as ActionKind
                set({ key: action.key, kind, given: freshAction[kind] })
              }}
              options={actionKinds.map((kind) => ({ value: kind, label: actionWords[kind] }))}
            />
            <ActionFields
              key={action.kind}
              action={action}
              places={places}
              onChange={(given) => set({ ...action, given })}
            />
          </div>
          <div className="flex pt-5">
            <IconButton label={`Action ${at + 1} earlier`} disabled={at === 0} onClick={() => swap(at - 1)}>
              <ArrowUp aria-hidden className="size-4 shrink-0" />
            </IconButton>
            <IconButton label={`Action ${at + 1} later`} disabled={at === actions.length - 1} onClick={() => swap(at)}>
              <ArrowDown aria-hidden className="size-4 shrink-0" />
            </IconButton>
            <IconButton
              label={`Remove action ${at + 1}`}
              onClick={() => onChange(actions.filter(({ key }) => key !== action.key))}
            >
              <X aria-hidden className="size-4 shrink-0" />
            </IconButton>
          </div>
        </div>
      ))}
      {error && (
        <p role="alert" className="text-xs text-bad">
          {error}
        </p>
      )}
      <Button className="self-start" onClick={add}>
        <Plus aria-hidden className="size-4" />
        Add an action
      </Button>
    </fieldset>
  )
}
