import { useQuery } from '@apollo/client/react'
import type { FormEvent } from 'react'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { ErrorState, Skeleton } from '../../ui/state.tsx'
import { CustomerResults } from './customer-results.tsx'
import { countOf } from './customers-by-filter.tsx'
import type { WayProps } from './customers-by-name.tsx'
import { conditionsOf, filterOf, type Filter } from './filter.ts'
import { CustomersAskedDocument, type CustomersAskedQuery } from './generated/Search.ts'
import { useChoices } from './use-choices.ts'

const examples = [
  'High-value customers likely to churn who bought in the last 90 days',
  'Loyal customers who have not bought for 60 days',
  'New customers expected to spend more than 500',
]

/** By a question in words; what was understood of it is shown, and can be gone on with. */
export function CustomersByQuestion({ address: { question }, change }: WayProps) {
  const ask = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    change({ question: String(new FormData(event.currentTarget).get('question') ?? '').trim() })
  }
  return (
    <>
      <form key={question} onSubmit={ask} className="flex max-w-3xl items-end gap-2">
        <div className="flex-1">
          <TextField
            label="Whom are you looking for?"
            name="question"
            maxLength={1_000}
            placeholder={examples[0]}
            defaultValue={question}
          />
        </div>
        <Button kind="primary" type="submit">
          Ask
        </Button>
      </form>
      {question === '' ? (
        <ul aria-label="Examples" className="flex flex-wrap gap-2">
          {examples.map((example) => (
            <li key={example}>
              <button
                type="button"
                className="min-h-7 rounded-full border border-line bg-surface px-3 text-sm text-ink-soft hover:bg-raised"
                onClick={() => change({ question: example })}
              >
                {example}
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <Answer question={question} onOpen={(filter) => change({ way: 'filter', filter })} />
      )}
    </>
  )
}

function Answer({ question, onOpen }: { question: string; onOpen: (filter: Filter) => void }) {
  const { data, error, loading, refetch } = useQuery(CustomersAskedDocument, { variables: { question, first: 50 } })
  const answer = data?.askCustomers
  if (!answer)
    return loading ? (
      <Skeleton className="h-64" label="Looking for customers" />
    ) : (
      <ErrorState title="The question could not be asked" error={error} onRetry={() => void refetch()} />
    )
  const { customers } = answer
  return (
    <>
      <Understood of={answer} onOpen={onOpen} />
      <CustomerResults
        customers={customers.nodes}
        isLoading={false}
        error={error}
        onRetry={() => void refetch()}
        empty="Nobody is listed for this"
      />
    </>
  )
}

function Understood({
  of: { explanation, understoodAs, customers },
  onOpen,
}: {
  of: CustomersAskedQuery['askCustomers']
  onOpen: (filter: Filter) => void
}) {
  const { names } = useChoices()
  const filter = filterOf(understoodAs)
  const conditions = conditionsOf(filter, names)
  return (
    <section
      aria-label="What was understood"
      className="flex max-w-3xl flex-col gap-2 rounded-lg border border-line bg-surface p-3"
    >
      <p className="text-sm" aria-live="polite">
        {explanation}
      </p>
      {conditions.length > 0 && (
        <div className="flex flex-wrap items-center gap-1.5">
          <ul aria-label="Understood as" className="contents">
            {conditions.map((condition) => (
              <li key={condition}>
                <Badge tone="accent">{condition}</Badge>
              </li>
            ))}
          </ul>
          <span className="text-sm text-ink-soft">{countOf(customers.totalCount)}</span>
          <Button kind="quiet" className="ml-auto" onClick={() => onOpen(filter)}>
            Go on as a filter
          </Button>
        </div>
      )}
    </section>
  )
}
