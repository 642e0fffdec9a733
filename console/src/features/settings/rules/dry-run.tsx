import { useLazyQuery } from '@apollo/client/react'
import { FlaskConical } from 'lucide-react'
import { useState } from 'react'
import { failuresOf, sentence } from '../../../graph/errors.ts'
import { words } from '../../../shared/format.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { SelectField } from '../../../ui/field.tsx'
import { SettingsRuleDryRunDocument, type SettingsRuleDryRunQuery } from './generated/Rules.ts'
import type { RuleInput } from './rule-input.ts'

const spans = [1, 7, 14, 30].map((days) => ({
  value: String(days),
  label: days === 1 ? 'last day' : `last ${days} days`,
}))

/** Tries a rule on what happened lately, before it is saved; nothing is done. */
export function DryRun({ input }: { input: RuleInput }) {
  const [days, setDays] = useState('30')
  const [run, { data, error, loading, variables }] = useLazyQuery(SettingsRuleDryRunDocument, {
    fetchPolicy: 'no-cache',
  })
  const isStale = variables !== undefined && JSON.stringify(variables.input) !== JSON.stringify(input)
  return (
    <section aria-label="Dry run" className="flex flex-col gap-2 rounded-md border border-line bg-ground p-3">
      <div className="flex flex-wrap items-end gap-2">
        <p className="min-w-40 flex-1 text-sm">
          <span className="font-medium">Try it on your history</span>
          <span className="block text-xs text-ink-faint">
            {input.trigger === 'TIME_IN_STATE'
              ? 'On the tickets that are in their state for so long now. Nothing is done.'
              : 'On everything that happened. Nothing is done.'}
          </span>
        </p>
        <SelectField
          label="How far back"
          isLabelHidden
          options={spans}
          value={days}
          onChange={(event) => setDays(event.target.value)}
        />
        <Button isBusy={loading} onClick={() => void run({ variables: { input, days: Number(days) } })}>
          <FlaskConical aria-hidden className="size-4" />
          Dry run
        </Button>
      </div>
      <div role="status" className="text-sm">
        {loading && <p className="text-ink-soft">Looking through your history…</p>}
        {!loading && error && <p className="text-bad">{failuresOf(error).map(sentence).join(' ')}</p>}
        {!loading && data && <Findings run={data.automationDryRun} isStale={isStale} />}
      </div>
    </section>
  )
}

type Run = SettingsRuleDryRunQuery['automationDryRun']

function Findings({ run: { wouldFire, sample }, isStale }: { run: Run; isStale: boolean }) {
  return (
    <div className="flex flex-col gap-2">
      <p className="font-medium">
        {wouldFire === 0
          ? 'It would not have fired.'
          : `It would have fired ${wouldFire === 1 ? 'once' : `${wouldFire.toLocaleString()} times`}.`}{' '}
        {isStale && <Badge tone="warn">The rule was changed since: try again</Badge>}
      </p>
      {sample.length > 0 && (
        <ul aria-label="Some of the tickets" className="divide-y divide-line rounded-md border border-line bg-surface">
          {sample.map(({ id, number, subject, priority, status, customer }) => (
            <li key={id} className="flex min-h-8 items-center gap-2 px-2 py-1">
              <a
                href={`/inbox/${number}`}
                target="_blank"
                rel="noreferrer"
                className="min-w-0 flex-1 truncate underline-offset-2 hover:underline"
              >
                <span className="text-ink-faint tabular-nums">#{number}</span> {subject}
              </a>
              <span className="truncate text-xs text-ink-soft">{customer.name}</span>
              <Badge>{words(priority)}</Badge>
              <Badge>{words(status)}</Badge>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
