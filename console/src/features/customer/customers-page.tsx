import { Filter as FilterIcon, MessageCircleQuestionMark, Search } from 'lucide-react'
import { useCommand } from '../../commands/use-command.ts'
import { classes } from '../../ui/classes.ts'
import { PageHeader } from '../../ui/page.tsx'
import { useCustomersAddress, type Way } from './address.ts'
import { CustomersByFilter } from './customers-by-filter.tsx'
import { CustomersByName } from './customers-by-name.tsx'
import { CustomersByQuestion } from './customers-by-question.tsx'

const ways = [
  { way: 'name', label: 'Search', icon: Search, of: CustomersByName },
  { way: 'filter', label: 'Filter', icon: FilterIcon, of: CustomersByFilter },
  { way: 'question', label: 'Ask', icon: MessageCircleQuestionMark, of: CustomersByQuestion },
] as const

/** Customers: by name, by what is known of them, or by a question. */
export function CustomersPage() {
  const [address, change] = useCustomersAddress()
  const open = (way: Way) => change({ way })
  useCommand({ id: 'customers.name', title: 'Search customers by name', section: 'Customers', run: () => open('name') })
  useCommand({ id: 'customers.filter', title: 'Filter customers', section: 'Customers', run: () => open('filter') })
  useCommand({
    id: 'customers.question',
    title: 'Ask for customers in words',
    section: 'Customers',
    run: () => open('question'),
  })
  const Chosen = ways.find(({ way }) => way === address.way)?.of ?? CustomersByName
  return (
    <>
      <PageHeader
        title="Customers"
        description="By name, by what is known of them, or by a question in your own words"
      />
      <div className="flex flex-col gap-4 p-5">
        <div
          role="group"
          aria-label="How to look"
          className="inline-flex self-start rounded-md border border-line bg-raised p-0.5"
        >
          {ways.map(({ way, label, icon: Icon }) => (
            <button
              key={way}
              type="button"
              aria-pressed={address.way === way}
              onClick={() => open(way)}
              className={classes(
                'inline-flex min-h-7 items-center gap-1.5 rounded px-3 text-sm font-medium',
                address.way === way ? 'bg-surface text-ink shadow-sm' : 'text-ink-soft hover:text-ink',
              )}
            >
              <Icon aria-hidden className="size-4" /> {label}
            </button>
          ))}
        </div>
        <Chosen address={address} change={change} />
      </div>
    </>
  )
}
