import type { TypedDocumentNode } from '@apollo/client'
import { getMainDefinition } from '@apollo/client/utilities'
import type { DocumentNode } from 'graphql'
import { useState } from 'react'
import { toast } from '../../shared/toast.ts'
import { sentence, type UserError } from '../../graph/errors.ts'
import { useGraph } from '../../graph/graph.tsx'
import { mutate, type Outcome } from '../../graph/mutate.ts'
import type { TicketNow } from './use-ticket.ts'

type Told = {
  /** What did not happen, if refused: "The ticket was not closed". */
  refused: string
  /** What the ticket will look like: shown at once, and taken back if it is refused. */
  patch?: Partial<TicketNow>
  /** The caller shows the errors, at its fields. */
  isQuiet?: boolean
}

/** Changes a ticket. Refusals are explained; what was shown ahead of the answer goes back by itself. */
export function useTicketChange(ticket: TicketNow) {
  const { apollo } = useGraph()
  const [running, setRunning] = useState(0)
  const change = async <Data, Input>(
    document: TypedDocumentNode<Data, { input: Input }>,
    input: Input,
    { refused, patch, isQuiet = false }: Told,
  ): Promise<Outcome<Data>> => {
    setRunning((count) => count + 1)
    const outcome = await mutate(
      apollo,
      document,
      { input },
      { isQuiet: true, ...(patch && { optimisticResponse: ahead(document, { ...ticket, ...patch }) as never }) },
    )
    setRunning((count) => count - 1)
    if (!outcome.isGood && !isQuiet) toast.error(refused, { description: reasons(outcome.errors) })
    return outcome
  }
  return [change, running > 0] as const
}

/** The answer as it will be, if all goes well. */
function ahead(document: DocumentNode, ticket: TicketNow) {
  const field = getMainDefinition(document).selectionSet.selections[0]
  const name = field?.kind === 'Field' ? field.name.value : ''
  return { __typename: 'Mutation', [name]: { __typename: 'TicketPayload', ticket, userErrors: [] } }
}

const ours: Record<string, string> = {
  CONVERSATION_ADVANCED: 'Something was said since you looked. Read it, then decide again.',
}

export const reasons = (errors: readonly UserError[]): string =>
  errors.map((error) => ours[error.code] ?? sentence(error)).join(' ')
