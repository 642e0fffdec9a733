import { useEffect, useRef, useState, type ComponentProps } from 'react'
import { words } from '../../shared/format.ts'
import { useViewer } from '../../session/viewer.tsx'
import { Button } from '../../ui/button.tsx'
import { CheckField, SelectField, TextField } from '../../ui/field.tsx'
import { Missing } from '../../ui/state.tsx'
import { filterOfForm, orderChoices, type Filter } from './filter.ts'
import { useChoices } from './use-choices.ts'
import { aboutStage, isUnknownSegment, levels, lifecycleStages, segmentName } from './wording.ts'

type Choices = ReturnType<typeof useChoices>

/** What customers have to fit; each change looks again at once. */
export function FilterForm({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }) {
  const choices = useChoices()
  const [round, setRound] = useState(0)
  const later = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(later.current), [])
  // The boxes show the choices once these are there, so they begin anew then.
  const key = `${round}-${choices.archetypes.length}-${choices.segments.length}`
  return (
    <form
      key={key}
      aria-label="Filter"
      className="flex flex-col gap-4 rounded-lg border border-line bg-surface p-3"
      onSubmit={(event) => event.preventDefault()}
      onChange={({ currentTarget }) => {
        clearTimeout(later.current)
        later.current = setTimeout(() => onChange(filterOfForm(new FormData(currentTarget))), 250)
      }}
    >
      <SelectField
        label="First come"
        name="orderBy"
        options={orderChoices}
        defaultValue={filter.orderBy ?? 'REVENUE_AT_RISK'}
      />
      <Figures filter={filter} />
      <fieldset>
        <legend className="mb-1 text-sm font-medium">Stage</legend>
        {lifecycleStages.map((stage) => (
          <div key={stage} title={aboutStage(stage)}>
            <CheckField
              label={words(stage)}
              name="lifecycle"
              value={stage}
              defaultChecked={filter.lifecycle?.includes(stage) ?? false}
            />
          </div>
        ))}
      </fieldset>
      {choices.isAway ? <Missing what="Archetypes and segments" /> : <Kinds filter={filter} choices={choices} />}
      <Button
        onClick={() => {
          clearTimeout(later.current)
          onChange({})
          setRound(round + 1)
        }}
      >
        Clear
      </Button>
    </form>
  )
}

function Figures({ filter }: { filter: Filter }) {
  const { currencyCode } = useViewer().tenant
  const percent = (share: number | undefined) => (share === undefined ? '' : Math.round(share * 1_000) / 10)
  return (
    <>
      <Range legend="Churn risk, %">
        <Bound name="churnRiskAtLeast" label="from" max={100} defaultValue={percent(filter.churnRiskAtLeast)} />
        <Bound name="churnRiskAtMost" label="up to" max={100} defaultValue={percent(filter.churnRiskAtMost)} />
      </Range>
      <Range legend={`Value of a year, ${currencyCode}`}>
        <Bound name="ltvAtLeast" label="from" step="any" defaultValue={filter.ltvAtLeast} />
        <Bound name="ltvAtMost" label="up to" step="any" defaultValue={filter.ltvAtMost} />
      </Range>
      <Range legend="Last purchase, days ago">
        <Bound name="daysSinceLastPurchaseAtLeast" label="from" defaultValue={filter.daysSinceLastPurchaseAtLeast} />
        <Bound name="daysSinceLastPurchaseAtMost" label="up to" defaultValue={filter.daysSinceLastPurchaseAtMost} />
      </Range>
    </>
  )
}

function Range({ legend, children }: { legend: string; children: React.ReactNode }) {
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">{legend}</legend>
      <div className="grid grid-cols-2 gap-2">{children}</div>
    </fieldset>
  )
}

function Bound(props: ComponentProps<typeof TextField>) {
  return <TextField {...props} isLabelHidden placeholder={props.label} type="number" min={0} inputMode="decimal" />
}

function Kinds({ filter, choices: { archetypes, segments } }: { filter: Filter; choices: Choices }) {
  const axes = [...new Set(segments.map(({ axis }) => axis))]
  return (
    <>
      <SelectField
        label="Archetype"
        name="archetypeId"
        defaultValue={filter.archetypeId ?? ''}
        options={[
          { value: '', label: 'Any' },
          ...archetypes.map(({ id, name, level }) => ({
            value: id,
            label: `${name} (${levels[level].toLowerCase()})`,
          })),
        ]}
      />
      <details open={filter.segments !== undefined}>
        <summary className="min-h-6 cursor-pointer text-sm font-medium">Segments by axis</summary>
        <div className="mt-2 flex flex-col gap-2">
          {axes.map((axis) => {
            const own = segments.filter((segment) => segment.axis === axis && !isUnknownSegment(segment.name))
            return (
              <SelectField
                key={axis}
                label={words(axis)}
                name="segments"
                defaultValue={own.find(({ id }) => filter.segments?.includes(id))?.id ?? ''}
                options={[
                  { value: '', label: 'Any' },
                  ...own.map(({ id, name }) => ({ value: id, label: segmentName(name) })),
                ]}
              />
            )
          })}
        </div>
      </details>
    </>
  )
}
