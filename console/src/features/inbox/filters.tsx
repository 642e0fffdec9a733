import { useQuery } from '@apollo/client/react'
import { words } from '../../shared/format.ts'
import { classes } from '../../ui/classes.ts'
import { InboxQueuesDocument } from './generated/Inbox.ts'
import { channels, type InboxSearch } from './search.ts'

const whose = [
  { value: undefined, label: 'All' },
  { value: 'mine', label: 'Mine' },
  { value: 'nobody', label: 'Unassigned' },
] as const

/** What narrows the inbox. It narrows only: the order is the server's. */
export function Filters({
  search,
  onChange,
}: {
  search: InboxSearch
  onChange: (change: (now: InboxSearch) => InboxSearch) => void
}) {
  const { data } = useQuery(InboxQueuesDocument)
  const queues = (data?.queues ?? []).map(({ id, name, openCount }) => ({
    value: id,
    label: `${words(name)} (${openCount})`,
  }))
  const put = (name: 'whose' | 'queue' | 'channel', value: string | undefined) =>
    onChange(({ [name]: _before, ...others }) => ({ ...others, ...(value && { [name]: value }) }))
  return (
    <div role="group" aria-label="Filters" className="flex flex-wrap items-center gap-1">
      <div className="flex rounded-md bg-raised p-0.5">
        {whose.map(({ value, label }) => (
          <button
            key={label}
            type="button"
            aria-pressed={search.whose === value}
            onClick={() => put('whose', value)}
            className={classes(
              'min-h-6 min-w-6 rounded px-1.5 text-xs font-medium',
              search.whose === value ? 'bg-surface text-ink shadow-sm' : 'text-ink-soft hover:text-ink',
            )}
          >
            {label}
          </button>
        ))}
      </div>
      <Select
        label="Queue"
        all="All queues"
        value={search.queue}
        options={queues}
        onChange={(id) => put('queue', id)}
      />
      <Select
        label="Channel"
        all="All channels"
        value={search.channel}
        options={channels.map((value) => ({ value, label: value === 'SMS' ? 'SMS' : words(value) }))}
        onChange={(channel) => put('channel', channel)}
      />
    </div>
  )
}

type SelectProps = {
  label: string
  all: string
  value: string | undefined
  options: readonly { value: string; label: string }[]
  onChange: (value: string | undefined) => void
}

/** Small, and the system's own. */
function Select({ label, all, value, options, onChange }: SelectProps) {
  // One from an address may be of a queue that is gone: it is shown, for it narrows all the same.
  const known = value === undefined || options.some((option) => option.value === value)
  return (
    <select
      aria-label={label}
      value={value ?? ''}
      onChange={({ target }) => onChange(target.value || undefined)}
      className={classes(
        'min-h-7 max-w-32 min-w-0 rounded-md border px-0.5 text-xs font-medium',
        value === undefined ? 'border-line bg-surface text-ink-soft' : 'border-accent bg-accent-soft text-accent',
      )}
    >
      <option value="">{all}</option>
      {!known && <option value={value}>{label} not known</option>}
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  )
}
