import { useQuery } from '@apollo/client/react'
import { useDeferredValue, useState } from 'react'
import { toast } from '../../shared/toast.ts'
import { useMutate } from '../../graph/mutate.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { ErrorState } from '../../ui/state.tsx'
import type { CustomerFactsFragment } from './generated/Facts.ts'
import { CustomerMergeDocument } from './generated/Manage.ts'
import { CustomersToMergeDocument, type CustomerRowFragment } from './generated/Search.ts'

/** Makes one customer of two records of the same person: the one that is open goes on. */
export function MergeCustomer({ customer, onClose }: { customer: CustomerFactsFragment; onClose: () => void }) {
  const [words, setWords] = useState('')
  const [other, setOther] = useState<CustomerRowFragment | null>(null)
  const [run, isRunning] = useMutate(CustomerMergeDocument)
  const merge = async (from: CustomerRowFragment) => {
    const outcome = await run(
      { fromId: from.id, intoId: customer.id },
      {
        update: (cache) => {
          cache.evict({ id: cache.identify(from) ?? '' })
          cache.evict({ id: cache.identify(customer) ?? '', fieldName: 'tickets' })
        },
      },
    )
    if (!outcome.isGood) return
    toast.success(`${from.name} is now part of ${customer.name}`)
    onClose()
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Merge two records"
      description={`Find the other record of ${customer.name}. Its tickets, orders and ids move here; it ends.`}
    >
      <div className="flex flex-col gap-3">
        <TextField
          label="Name, e-mail address or phone number"
          type="search"
          value={words}
          onChange={({ target }) => {
            setWords(target.value)
            setOther(null)
          }}
        />
        <Candidates query={useDeferredValue(words.trim())} not={customer.id} chosen={other} onChoose={setOther} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" disabled={!other} isBusy={isRunning} onClick={() => other && void merge(other)}>
            {other ? `Merge ${other.name} into this record` : 'Merge'}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}

type CandidatesProps = {
  query: string
  not: string
  chosen: CustomerRowFragment | null
  onChoose: (customer: CustomerRowFragment) => void
}

function Candidates({ query, not, chosen, onChoose }: CandidatesProps) {
  const { data, previousData, error, loading } = useQuery(CustomersToMergeDocument, {
    variables: { query },
    skip: query.length < 2,
  })
  if (query.length < 2) return <p className="text-sm text-ink-soft">Type at least two letters.</p>
  const found = (data ?? previousData)?.customers?.nodes.filter(({ id }) => id !== not)
  if (!found) return error ? <ErrorState error={error} /> : <p className="text-sm text-ink-soft">Searching…</p>
  if (found.length === 0 && !loading) return <p className="text-sm text-ink-soft">Nobody else fits.</p>
  return (
    <fieldset className="flex max-h-64 flex-col overflow-y-auto rounded-md border border-line">
      <legend className="sr-only">The other record</legend>
      {found.map((one) => (
        <label
          key={one.id}
          className="flex min-h-10 cursor-pointer items-center gap-2 px-2 hover:bg-raised has-checked:bg-accent-soft"
        >
          <input
            type="radio"
            name="other"
            className="accent-accent"
            checked={chosen?.id === one.id}
            onChange={() => onChoose(one)}
          />
          <span className="min-w-0 flex-1 truncate text-sm">
            {one.name} <span className="text-ink-soft">{one.email ?? one.phone}</span>
          </span>
          <span className="text-xs text-ink-faint">{one.openTicketCount} open</span>
        </label>
      ))}
    </fieldset>
  )
}
