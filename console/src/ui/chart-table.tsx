import type { ReactNode } from 'react'
import { classes } from './classes.ts'

export type Column<Row> = { name: string; of: (row: Row) => ReactNode; isNumber?: boolean }

/** The figures of a chart as a table; the first column names the row. */
export function ChartTable<Row>({
  caption,
  rows,
  columns,
  isTall = false,
}: {
  caption: string
  rows: readonly Row[]
  columns: readonly Column<Row>[]
  isTall?: boolean
}) {
  return (
    <div
      tabIndex={0}
      role="region"
      aria-label={`${caption}, as a table`}
      className={classes('relative overflow-auto rounded-md border border-line', isTall ? 'max-h-[32rem]' : 'max-h-72')}
    >
      <table className="w-full text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead className="sticky top-0 bg-raised text-left text-xs text-ink-soft">
          <tr>
            {columns.map(({ name, isNumber }) => (
              <th key={name} scope="col" className={classes('px-2 py-1.5 font-medium', isNumber && 'text-right')}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map((row, index) => (
            <tr key={index}>
              {columns.map(({ name, of, isNumber }, place) =>
                place === 0 ? (
                  <th key={name} scope="row" className="px-2 py-1 text-left font-normal">
                    {of(row)}
                  </th>
                ) : (
                  <td key={name} className={classes('px-2 py-1', isNumber && 'text-right tabular-nums')}>
                    {of(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
