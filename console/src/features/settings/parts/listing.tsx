import { MoreHorizontal, Plus, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Menu, type MenuItem } from '../../../ui/menu.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../../ui/state.tsx'
import { Table, type Column } from '../../../ui/table.tsx'

/** What a query gave; rows are undefined until it answered. */
type Answer<Row> = { rows: readonly Row[] | undefined; error?: unknown; refetch: () => unknown }

type ListingProps<Row> = {
  caption: string
  answer: Answer<Row>
  columns: readonly Column<Row>[]
  keyOf: (row: Row) => string
  isMuted?: (row: Row) => boolean
  empty: { icon: LucideIcon; title: string; text: string }
  /** Makes another one; absent where one may not. */
  create?: { label: string; run: () => void } | undefined
  /** What stands above the rows: filters, explanations. */
  toolbar?: ReactNode
  after?: ReactNode
}

/** A list of what is configured, with a way to add to it, and what is said while there is none. */
export function Listing<Row>({ caption, answer, create, toolbar, after, empty, ...table }: ListingProps<Row>) {
  const { rows, error, refetch } = answer
  const add = create && (
    <Button kind="primary" onClick={create.run}>
      <Plus aria-hidden className="size-4" />
      {create.label}
    </Button>
  )
  if (rows === undefined)
    return error ? (
      <ErrorState title={`${caption} could not be loaded`} error={error} onRetry={() => void refetch()} />
    ) : (
      <LoadingRows />
    )
  return (
    <div className="flex flex-col gap-3">
      {(toolbar !== undefined || (rows.length > 0 && add)) && (
        <div className="flex flex-wrap items-end justify-between gap-3">
          <div className="min-w-0 flex-1 text-sm text-ink-soft">{toolbar}</div>
          {rows.length > 0 && add}
        </div>
      )}
      {rows.length > 0 ? (
        <Table caption={caption} rows={rows} {...table} />
      ) : (
        <div className="rounded-lg border border-dashed border-line-strong/60">
          <EmptyState icon={empty.icon} title={empty.title}>
            <p className="mb-3">{empty.text}</p>
            {add}
          </EmptyState>
        </div>
      )}
      {after}
    </div>
  )
}

export function LoadingRows() {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-2">
      {[1, 2, 3, 4].map((row) => (
        <div key={row} aria-hidden className="h-10 animate-pulse rounded bg-raised" />
      ))}
    </div>
  )
}

export function LoadingSection() {
  return <Skeleton className="h-40 w-full" label="Loading the settings" />
}

/** The name of a row; opens it where one may change it. */
export function RowName({
  name,
  onOpen,
  below,
}: {
  name: string
  onOpen?: (() => void) | undefined
  below?: ReactNode
}) {
  return (
    <div className="flex flex-col">
      {onOpen ? (
        <button
          type="button"
          onClick={onOpen}
          className="min-h-6 self-start rounded text-left text-ink underline-offset-2 hover:underline"
        >
          {name}
        </button>
      ) : (
        <span className="text-ink">{name}</span>
      )}
      {below && <span className="text-xs font-normal text-ink-faint">{below}</span>}
    </div>
  )
}

/** A row's column of what can be done with it. */
export function actionsColumn<Row>(nameOf: (row: Row) => string, itemsOf: (row: Row) => MenuItem[]): Column<Row> {
  return {
    id: 'actions',
    title: 'Actions',
    isTitleHidden: true,
    className: 'w-10 text-right',
    cell: (row) => {
      const items = itemsOf(row)
      return items.length === 0 ? null : <RowMenu name={nameOf(row)} items={items} />
    },
  }
}

function RowMenu({ name, items }: { name: string; items: MenuItem[] }) {
  return (
    <Menu
      label={`Actions for ${name}`}
      items={items}
      trigger={
        <Button kind="quiet" aria-label={`Actions for ${name}`} className="size-8 px-0">
          <MoreHorizontal aria-hidden className="size-4 shrink-0" />
        </Button>
      }
    />
  )
}
