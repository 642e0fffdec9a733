import { useLazyQuery } from '@apollo/client/react'
import { useState, type FormEvent } from 'react'
import { Ago } from '../../shared/now.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { ErrorState, Missing, Skeleton } from '../../ui/state.tsx'
import { CustomerAskedDocument, CustomerSummaryDocument, type CustomerGeneratedFragment } from './generated/Ask.ts'

const examples = ['Why is the churn risk what it is?', 'What do they usually buy?', 'When will they order again?']

/** A question about what the customer does, answered out of what is known. */
export function Ask({ customerId }: { customerId: string }) {
  const [question, setQuestion] = useState('')
  const [ask, asked] = useLazyQuery(CustomerAskedDocument, { fetchPolicy: 'network-only' })
  const [sum, summed] = useLazyQuery(CustomerSummaryDocument, { fetchPolicy: 'network-only' })
  const [shown, setShown] = useState<'answer' | 'summary' | null>(null)
  const put = (text: string) => {
    if (text.trim() === '') return
    setShown('answer')
    void ask({ variables: { id: customerId, question: text.trim() } })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    put(question)
  }
  const summarise = () => {
    setShown('summary')
    void sum({ variables: { id: customerId } })
  }
  const text = shown === 'answer' ? asked.data?.customer?.explainBehavior : summed.data?.customer?.summary
  const { loading, error } = shown === 'answer' ? asked : summed
  return (
    <div className="flex flex-col gap-2">
      <form onSubmit={submit} className="flex items-end gap-2">
        <div className="flex-1">
          <TextField
            label="Question"
            isLabelHidden
            placeholder="Ask in your own words"
            maxLength={1_000}
            value={question}
            onChange={({ target }) => setQuestion(target.value)}
          />
        </div>
        <Button type="submit" isBusy={asked.loading} disabled={question.trim() === ''}>
          Ask
        </Button>
        <Button kind="quiet" isBusy={summed.loading} onClick={summarise}>
          Sum up
        </Button>
      </form>
      {shown === null && (
        <ul aria-label="Examples" className="flex flex-wrap gap-1.5">
          {examples.map((example) => (
            <li key={example}>
              <button
                type="button"
                className="min-h-6 rounded-full border border-line px-2.5 text-xs text-ink-soft hover:bg-raised"
                onClick={() => {
                  setQuestion(example)
                  put(example)
                }}
              >
                {example}
              </button>
            </li>
          ))}
        </ul>
      )}
      <div aria-live="polite">
        {loading ? (
          <Skeleton className="h-10" label="Looking for an answer" />
        ) : text ? (
          <Generated text={text} />
        ) : shown !== null && error ? (
          <ErrorState title="There is no answer" error={error} />
        ) : (
          shown !== null && <Missing what="An answer" />
        )}
      </div>
    </div>
  )
}

function Generated({ text: { text, citations, generator, generatedAt } }: { text: CustomerGeneratedFragment }) {
  return (
    <div className="flex flex-col gap-2 rounded-md bg-raised p-3">
      <p className="text-sm whitespace-pre-line">{text}</p>
      {citations.length > 0 && (
        <details className="text-xs text-ink-soft">
          <summary className="min-h-6 cursor-pointer">What this rests on ({citations.length})</summary>
          <ul className="list-disc space-y-1 pl-5">
            {citations.map(({ sentence, quote }) => (
              <li key={sentence + quote}>{quote}</li>
            ))}
          </ul>
        </details>
      )}
      <p className="text-xs text-ink-faint">
        By {generator === 'built-in' ? 'the built-in writer' : generator}, <Ago at={generatedAt} />
      </p>
    </div>
  )
}
