import { useQuery } from '@apollo/client/react'
import { useNavigate } from '@tanstack/react-router'
import { useDeferredValue, useState } from 'react'
import { toast } from '../../shared/toast.ts'
import { Missing, Skeleton } from '../../ui/state.tsx'
import { TextField } from '../../ui/field.tsx'
import { FormDialog } from './form-dialog.tsx'
import { FoundTickets, type Found } from './found-tickets.tsx'
import { TicketSideMergeDocument } from './generated/Changes.ts'
import { TicketSideFindDocument, TicketSideOfCustomerDocument } from './generated/Find.ts'
import type { DialogOf } from './toolbar-dialog.tsx'
import { useFormChange } from './use-form-change.ts'

/** Makes a ticket part of another of the same customer, and says first what that does. */
export function MergeDialog({ ticket, onClose }: DialogOf) {
  const navigate = useNavigate()
  const { run, isBusy, errors } = useFormChange(ticket, onClose)
  const [typed, setTyped] = useState('')
  const [into, setInto] = useState<Found | null>(null)
  const { found, customerId, isLoading, isMissing } = useCandidates(ticket.id, useDeferredValue(typed.trim()))
  const merge = async () => {
    if (!into) return
    const { isGood } = await run(TicketSideMergeDocument, { fromId: ticket.id, intoId: into.id })
    if (!isGood) return
    toast.message(`#${ticket.number} is now part of #${into.number}`)
    await navigate({ to: '/inbox/$number', params: { number: String(into.number) }, search: (kept) => kept })
  }
  return (
    <FormDialog
      title={`Merge #${ticket.number} into another ticket`}
      description="Only tickets of the same customer can be merged."
      verb={into ? `Merge into #${into.number}` : 'Merge'}
      isBusy={isBusy}
      isReady={into !== null}
      errors={errors}
      onSubmit={merge}
      onClose={onClose}
    >
      <TextField
        label="Ticket that goes on"
        autoFocus
        type="search"
        placeholder="Number, or words of it"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        hint="Empty: the customer’s own tickets."
      />
      {isLoading && <Skeleton className="h-16" label="Looking for tickets" />}
      {isMissing && <Missing what="The search" />}
      {!isLoading && <FoundTickets found={found} customerId={customerId} chosen={into} onChoose={setInto} />}
      <p aria-live="polite" className="rounded-md bg-raised p-2 text-sm text-ink-soft">
        {into
          ? `The messages and notes of #${ticket.number} move to #${into.number} “${into.subject}”. #${ticket.number} is closed for good and points there. This cannot be undone.`
          : 'Choose the ticket that goes on.'}
      </p>
    </FormDialog>
  )
}

/** The customer's own tickets; with words, what the search finds. */
function useCandidates(ticketId: string, query: string) {
  const own = useQuery(TicketSideOfCustomerDocument, { variables: { id: ticketId } })
  const search = useQuery(TicketSideFindDocument, { variables: { query }, skip: query === '' })
  const customer = own.data?.ticket?.customer
  const current = query === '' ? customer?.tickets.nodes : search.data?.searchTickets.nodes
  const { error, loading } = query === '' ? own : search
  return {
    found: (current ?? []).filter(({ id, mergedInto }) => id !== ticketId && mergedInto === null),
    customerId: customer?.id ?? null,
    isLoading: loading && !current,
    isMissing: Boolean(error) && !current,
  }
}
