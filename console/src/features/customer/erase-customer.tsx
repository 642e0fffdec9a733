import { useNavigate } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { toast } from '../../shared/toast.ts'
import { useMutate } from '../../graph/mutate.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import type { CustomerFactsFragment } from './generated/Facts.ts'
import { CustomerEraseDocument } from './generated/Manage.ts'

/** Forgets a person, once their name has been typed: it cannot be undone. */
export function EraseCustomer({ customer, onClose }: { customer: CustomerFactsFragment; onClose: () => void }) {
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const [run, isRunning] = useMutate(CustomerEraseDocument)
  const isSame = typed.trim() === customer.name.trim()
  const erase = async (event: FormEvent) => {
    event.preventDefault()
    if (!isSame) return
    const outcome = await run(
      { id: customer.id },
      {
        update: (cache) => {
          cache.evict({ id: cache.identify(customer) ?? '' })
          cache.gc()
        },
      },
    )
    if (!outcome.isGood) return
    toast.success('The person has been erased')
    await navigate({ to: '/customers' })
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Erase ${customer.name}?`}
      description="Their name, addresses, messages and behaviour are deleted, here and in Intelligence. This cannot be undone."
    >
      <form onSubmit={(event) => void erase(event)} className="flex flex-col gap-4">
        <TextField
          label={`Type “${customer.name}” to confirm`}
          autoComplete="off"
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" type="submit" disabled={!isSame} isBusy={isRunning}>
            Erase for good
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
