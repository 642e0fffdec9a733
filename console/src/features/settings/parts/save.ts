import type { DocumentNode, OperationVariables, TypedDocumentNode } from '@apollo/client'
import { toast } from '../../../shared/toast.ts'
import { useMutate, type Outcome } from '../../../graph/mutate.ts'

type Saving<Variables> = {
  /** What is announced once it is done. */
  said: string | ((variables: Variables) => string)
  /** Lists on the screen that have another member then. */
  refetch?: DocumentNode[]
  /** Refusals are shown at the fields of a form; else they are announced. */
  isQuiet?: boolean
}

/** A change of the configuration: announced when done, its lists read again. */
export function useSave<Data, Variables extends OperationVariables>(
  document: TypedDocumentNode<Data, Variables>,
  { said, refetch = [], isQuiet = false }: Saving<Variables>,
) {
  const [run, isBusy] = useMutate(document)
  const save = async (variables: Variables): Promise<Outcome<Data>> => {
    const options = { isQuiet, refetchQueries: refetch } as Parameters<typeof run>[1]
    const outcome = await run(variables, options)
    if (outcome.isGood) toast.success(typeof said === 'string' ? said : said(variables))
    return outcome
  }
  return [save, isBusy] as const
}
