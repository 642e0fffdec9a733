import { useNavigate, useSearch } from '@tanstack/react-router'
import { filterOf, type Filter } from './filter.ts'

export type Way = 'name' | 'filter' | 'question'
/** How customers are looked for, as it stands in the address. */
export type CustomersAddress = { way: Way; name: string; filter: Filter; question: string }

/** Reads the address, and replaces what is given of it. */
export function useCustomersAddress(): readonly [CustomersAddress, (change: Partial<CustomersAddress>) => void] {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const address: CustomersAddress = {
    way: search['way'] === 'filter' || search['way'] === 'question' ? search['way'] : 'name',
    name: String(search['name'] ?? ''),
    filter: filterOf(search['filter']),
    question: String(search['question'] ?? '').slice(0, 1_000),
  }
  const change = (next: Partial<CustomersAddress>) =>
    void navigate({ to: '.', search: searchOf({ ...address, ...next }) as never, replace: true })
  return [address, change]
}

/** Without what is empty. */
const searchOf = ({ way, name, filter, question }: CustomersAddress) => ({
  ...(way !== 'name' && { way }),
  ...(name !== '' && { name }),
  ...(Object.keys(filter).length > 0 && { filter }),
  ...(question !== '' && { question }),
})
