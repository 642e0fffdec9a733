import { Ago } from '../../shared/now.tsx'
import type { CustomerBasisFragment } from './generated/Insight.ts'

const count = (figure: number, noun: string) => `${figure} ${noun}${figure === 1 ? '' : 's'}`

/** What an insight rests on, and how old it is. */
export function Basis({
  of: { asOf, orders, events, modelVersion },
  isStale,
}: {
  of: CustomerBasisFragment
  isStale: boolean
}) {
  return (
    <p className="text-xs text-ink-faint">
      Computed <Ago at={asOf} /> from {count(orders, 'order')} and {count(events, 'event')}, by{' '}
      {modelVersion.startsWith('prior') ? 'the model that ships' : `model ${modelVersion}`}.
      {isStale && ' More is known since; it is being computed anew.'}
    </p>
  )
}
