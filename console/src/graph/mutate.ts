import type { ApolloClient, OperationVariables, TypedDocumentNode } from '@apollo/client'
import { useCallback, useState } from 'react'
import { toast } from '../shared/toast.ts'
import { failuresOf, sentence, type UserError } from './errors.ts'
import { useGraph } from './graph.tsx'

/** Every mutation has one root field, whose payload has `userErrors`. */
type Payload<Data> = Data extends { __typename: string }
  ? NonNullable<Omit<Data, '__typename'>[keyof Omit<Data, '__typename'>]>
  : never

export type Outcome<Data> =
  { isGood: true; payload: Payload<Data> } | { isGood: false; payload: Payload<Data> | null; errors: UserError[] }

type Options<Data, Variables extends OperationVariables> = Pick<
  ApolloClient.MutateOptions<Data, Variables>,
  'optimisticResponse' | 'update' | 'refetchQueries' | 'context'
> & {
  /** Refusals are the caller's to show; nothing is announced. */
  isQuiet?: boolean
}

/** As it is used here: its own type asks for what conditional types cannot tell of a generic document. */
type Mutate<Data> = (options: object) => Promise<{ data?: Data | null; error?: unknown }>

/** Runs a mutation. Refused inputs and failures come back as `errors`, and are announced unless `isQuiet`. Never throws. */
export async function mutate<Data, Variables extends OperationVariables>(
  apollo: ApolloClient,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  { isQuiet = false, ...options }: Options<Data, Variables> = {},
): Promise<Outcome<Data>> {
  let payload: Payload<Data> | null = null
  let errors: UserError[]
  try {
    const { data, error } = await (apollo.mutate as unknown as Mutate<Data>).call(apollo, {
      mutation: document,
      variables,
      ...options,
    })
    payload = payloadOf<Data>(data)
    errors = [...((payload as { userErrors?: UserError[] } | null)?.userErrors ?? []), ...failuresOf(error)]
    if (payload === null && errors.length === 0) errors = [{ code: 'INTERNAL_SERVER_ERROR', message: 'No answer.' }]
  } catch (error) {
    errors = failuresOf(error)
  }
  if (errors.length === 0 && payload !== null) return { isGood: true, payload }
  if (!isQuiet) toast.error(errors.map(sentence).join(' '))
  return { isGood: false, payload, errors }
}

function payloadOf<Data>(data: Data | null | undefined): Payload<Data> | null {
  const field = Object.entries(data ?? {}).find(([name]) => name !== '__typename')
  return (field?.[1] ?? null) as Payload<Data> | null
}

/** A mutation as a hook: how to run it, and whether it runs. */
export function useMutate<Data, Variables extends OperationVariables>(document: TypedDocumentNode<Data, Variables>) {
  const { apollo } = useGraph()
  const [running, setRunning] = useState(0)
  const run = useCallback(
    async (variables: Variables, options?: Options<Data, Variables>) => {
      setRunning((count) => count + 1)
      try {
        return await mutate(apollo, document, variables, options)
      } finally {
        setRunning((count) => count - 1)
      }
    },
    [apollo, document],
  )
  return [run, running > 0] as const
}
