import { Plus, X } from 'lucide-react'
import { Button, IconButton } from '../../../ui/button.tsx'
import { SelectField, TextArea } from '../../../ui/field.tsx'
import { ChoiceBar } from '../parts/choice-bar.tsx'
import { operatorsOf, type ConditionField } from './fields.ts'
import { conditionsOf, flatOf, type Flat, type Leaf, type Operator } from './model.ts'
import { ValueField } from './value-field.tsx'
import { operatorWords } from './words.ts'

/** Conditions while they are edited: a list, or text where they lie deeper. Keys stay with their rows. */
export type Draft =
  { kind: 'list'; match: Flat['match']; rows: { key: number; leaf: Leaf }[] } | { kind: 'text'; text: string }

export function draftOf(conditions: unknown): Draft {
  const flat = flatOf(conditions)
  if (flat === null) return { kind: 'text', text: JSON.stringify(conditions, null, 2) }
  return { kind: 'list', match: flat.match, rows: flat.leaves.map((leaf, key) => ({ key, leaf })) }
}

/** The conditions as they travel; null for text that cannot be read. */
export function sentConditions(draft: Draft): unknown {
  if (draft.kind === 'list') return conditionsOf({ match: draft.match, leaves: draft.rows.map(({ leaf }) => leaf) })
  try {
    return JSON.parse(draft.text) as unknown
  } catch {
    return null
  }
}

type ConditionsProps = {
  draft: Draft
  fields: readonly ConditionField[]
  error?: string | undefined
  /** What holds without any condition. */
  always: string
  onChange: (draft: Draft) => void
}

/** What must hold: a list of comparisons, of which all or any count. */
export function ConditionsEditor({ draft, fields, error, always, onChange }: ConditionsProps) {
  if (draft.kind === 'text')
    return (
      <TextArea
        label="Conditions as JSON"
        rows={8}
        className="font-mono"
        hint="These lie deeper than a list: {all: […]}, {any: […]}, {not: …}, {field, op, value}."
        error={error}
        value={draft.text}
        onChange={(event) => onChange({ kind: 'text', text: event.target.value })}
      />
    )
  const { match, rows } = draft
  const change = (key: number, leaf: Leaf) =>
    onChange({ ...draft, rows: rows.map((row) => (row.key === key ? { key, leaf } : row)) })
  const add = () => {
    const [first] = fields
    if (!first) return
    const key = rows.reduce((most, row) => Math.max(most, row.key), -1) + 1
    onChange({ ...draft, rows: [...rows, { key, leaf: freshLeaf(first) }] })
  }
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">Conditions</legend>
      {rows.length === 0 && <p className="text-sm text-ink-soft">{always}</p>}
      {rows.length > 1 && (
        <ChoiceBar
          label="How many must hold"
          choices={[
            { value: 'all', label: 'All of these' },
            { value: 'any', label: 'Any of these' },
          ]}
          value={match}
          onChange={(next) => onChange({ ...draft, match: next })}
        />
      )}
      {rows.map(({ key, leaf }, at) => (
        <ConditionRow
          key={key}
          place={at + 1}
          leaf={leaf}
          fields={fields}
          onChange={(next) => change(key, next)}
          onRemove={() => onChange({ ...draft, rows: rows.filter((row) => row.key !== key) })}
        />
      ))}
      {error && (
        <p role="alert" className="text-xs text-bad">
          {error}
        </p>
      )}
      <Button className="self-start" onClick={add}>
        <Plus aria-hidden className="size-4" />
        Add a condition
      </Button>
    </fieldset>
  )
}

type RowProps = {
  place: number
  leaf: Leaf
  fields: readonly ConditionField[]
  onChange: (leaf: Leaf) => void
  onRemove: () => void
}

function ConditionRow({ place, leaf, fields, onChange, onRemove }: RowProps) {
  const field = fields.find(({ name }) => name === leaf.field) ?? {
    name: leaf.field,
    label: leaf.field,
    kind: 'text' as const,
  }
  const known = fields.some(({ name }) => name === leaf.field) ? fields : [field, ...fields]
  const setField = (name: string) => {
    const next = fields.find((one) => one.name === name)
    if (next) onChange(freshLeaf(next))
  }
  const setOperator = (op: Operator) =>
    onChange({ ...leaf, op, value: (op === 'in') === (leaf.op === 'in') ? leaf.value : freshValue(field, op) })
  return (
    <div
      role="group"
      aria-label={`Condition ${place}`}
      className="grid items-start gap-2 rounded-md border border-line p-2 sm:grid-cols-[minmax(8rem,1fr)_minmax(7rem,0.8fr)_minmax(8rem,1.4fr)_auto]"
    >
      <SelectField
        label="What"
        isLabelHidden
        value={leaf.field}
        onChange={(event) => setField(event.target.value)}
        options={known.map(({ name, label }) => ({ value: name, label }))}
      />
      <SelectField
        label="How"
        isLabelHidden
        value={leaf.op}
        onChange={(event) => setOperator(event.target.value as Operator)}
        options={operatorsOf(field).map((op) => ({ value: op, label: operatorWords(op, field) }))}
      />
      <div>
        <ValueField
          key={`${leaf.field} ${leaf.op}`}
          leaf={leaf}
          field={field}
          onChange={(value) => onChange({ ...leaf, value })}
        />
      </div>
      <IconButton label={`Remove condition ${place}`} onClick={onRemove}>
        <X aria-hidden className="size-4 shrink-0" />
      </IconButton>
    </div>
  )
}

function freshLeaf(field: ConditionField): Leaf {
  const op = operatorsOf(field)[0] ?? 'eq'
  return { field: field.name, op, value: freshValue(field, op) }
}

const freshValue = ({ kind, choices }: ConditionField, op: Operator): unknown => {
  if (op === 'in') return []
  if (kind === 'boolean') return true
  if (choices?.[0]) return kind === 'number' ? Number(choices[0].value) : choices[0].value
  return kind === 'text' || kind === 'labels' ? '' : undefined
}
