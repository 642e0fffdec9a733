import { useId, useState, type ReactNode } from 'react'
import { Button } from './button.tsx'
import { ChartTable, type Column } from './chart-table.tsx'

/** A chart with its title, what it shows in a sentence, and the same as a table. `empty` says why there is nothing to draw. */
export function ChartFigure<Row>({
  title,
  description,
  rows,
  columns,
  empty = null,
  choice,
  children,
}: {
  title: string
  description: ReactNode
  rows: readonly Row[]
  columns: readonly Column<Row>[]
  empty?: string | null
  /** What else can be shown here, beside the title. */
  choice?: ReactNode
  children: ReactNode
}) {
  const [isTable, setTable] = useState(false)
  const id = useId()
  return (
    <figure aria-labelledby={`${id}-title`} aria-describedby={`${id}-said`} className="flex min-w-0 flex-col gap-2">
      <figcaption className="flex items-start justify-between gap-2">
        <div className="min-w-0">
          <h3 id={`${id}-title`} className="text-sm font-medium">
            {title}
          </h3>
          <p id={`${id}-said`} className="text-xs text-ink-soft">
            {description}
          </p>
        </div>
        <div className="flex shrink-0 flex-wrap items-center justify-end gap-2">
          {choice}
          {rows.length > 0 && empty === null && (
            <Button
              kind="quiet"
              className="-mr-2 min-h-6 px-2 text-xs"
              aria-pressed={isTable}
              onClick={() => setTable(!isTable)}
            >
              {isTable ? 'Show as chart' : 'Show as table'}
              <span className="sr-only">: {title}</span>
            </Button>
          )}
        </div>
      </figcaption>
      {rows.length === 0 || empty !== null ? (
        <p className="rounded-md border border-dashed border-line px-3 py-8 text-center text-sm text-ink-soft">
          {empty ?? 'There is nothing to show for this time yet.'}
        </p>
      ) : isTable ? (
        <ChartTable caption={title} rows={rows} columns={columns} />
      ) : (
        children
      )}
    </figure>
  )
}
