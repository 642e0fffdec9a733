import type { ReactNode } from 'react'
import { classes } from './classes.ts'

export type Column<Row> = {
  id: string
  title: ReactNode
  cell: (row: Row) => ReactNode
  /** Names the row: read out with each of its cells. */
  isHeading?: boolean
  /** Figures stand under each other. */
  isNumber?: boolean
  /** The title is only read out, as over buttons. */
  isTitleHidden?: boolean
  className?: string
}

type TableProps<Row> = {
  /** What the table shows; read out, not seen. */
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  keyOf: (row: Row) => string
  /** Shown paler, as what is switched off. */
  isMuted?: (row: Row) => boolean
  className?: string
}

/** Rows and columns; scrolls sideways by itself where there is no room. */
export function Table<Row>({ caption, columns, rows, keyOf, isMuted, className }: TableProps<Row>) {
  return (
    // Focusable, so that it can be scrolled by the keys; positioned, so that what is only read out in it does not widen the page.
    <div
      role="region"
      aria-label={caption}
      tabIndex={0}
      className={classes('relative overflow-x-auto rounded-lg border border-line bg-surface', className)}
    >
      <table className="w-full border-collapse text-left text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line">
            {columns.map(({ id, title, isNumber, isTitleHidden }) => (
              <th
                key={id}
                scope="col"
                className={classes(
                  'px-3 py-2 text-xs font-medium whitespace-nowrap text-ink-faint',
                  isNumber && 'text-right',
                )}
              >
                {isTitleHidden ? <span className="sr-only">{title}</span> : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className="border-b border-line last:border-b-0 hover:bg-raised/60">
              {columns.map((column) => (
                <Cell key={column.id} column={column} row={row} isMuted={isMuted?.(row) ?? false} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Cell<Row>({ column, row, isMuted }: { column: Column<Row>; row: Row; isMuted: boolean }) {
  const { cell, isHeading, isNumber, className } = column
  const names = classes('px-3 py-2 align-middle', isNumber && 'text-right tabular-nums', className)
  if (isHeading)
    return (
      <th scope="row" className={classes(names, 'font-medium', isMuted && 'text-ink-faint')}>
        {cell(row)}
      </th>
    )
  return <td className={classes(names, isMuted ? 'text-ink-faint' : 'text-ink-soft')}>{cell(row)}</td>
}
