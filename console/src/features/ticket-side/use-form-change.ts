import type { TypedDocumentNode } from '@apollo/client'
import { useState } from 'react'
import type { UserError } from '../../graph/errors.ts'
import type { Outcome } from '../../graph/mutate.ts'
import { useTicketChange } from './use-changes.ts'
import type { TicketNow } from './use-ticket.ts'

/** A change that a dialog asks for: it closes when it went well, else shows why not. */
export function useFormChange(ticket: TicketNow, onClose: () => void) {
  const [change, isBusy] = useTicketChange(ticket)
  const [errors, setErrors] = useState<readonly UserError[]>([])
  const run = async <Data, Input>(
    document: TypedDocumentNode<Data, { input: Input }>,
    input: Input,
  ): Promise<Outcome<Data>> => {
    const outcome = await change(document, input, { refused: '', isQuiet: true })
    setErrors(outcome.isGood ? [] : outcome.errors)
    if (outcome.isGood) onClose()
    return outcome
  }
  return { run, isBusy, errors }
}
