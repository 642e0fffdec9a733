import type { Known } from './known.ts'
import { sayDay } from './say.ts'
import { lastOrder, orders, returns, support } from './done.ts'
import type { Stated } from './stated.ts'
import { archetype, atRisk, forecast, guidance, next, reasons, risk, stage, trend } from './thought.ts'

/** Who a customer is, in a few sentences; each states what a record says. Pure. */
export function summaryOf(known: Known): Stated[] {
  if (!known.insight.profile.isReady) return [littleKnown(known)]
  return [
    ...[orders, lastOrder, archetype, stage, risk].flatMap((tell) => tell(known)),
    ...reasons(known).slice(0, 1),
    ...[forecast, atRisk, next, trend].flatMap((tell) => tell(known)),
    ...((known.behavior?.returnRate ?? 0) > 0 ? returns(known) : []),
    ...support(known),
    ...guidance(known),
    ...ageOf(known),
  ]
}

/** Said instead of a guess. */
export const littleKnown = ({ id, insight }: Known): Stated => ({
  text: 'Too little is known of them to say more: there is no order yet.',
  cite: { source: 'PROFILE', id, quote: `orders ${insight.profile.orders}` },
})

/** Figures that something has become known since. */
const ageOf = ({ id, insight: { status, profile } }: Known): Stated[] =>
  status === 'STALE'
    ? [
        {
          text: `These figures are of ${sayDay(new Date(profile.asOf))}; they are being computed anew.`,
          cite: { source: 'PROFILE', id, quote: new Date(profile.asOf).toISOString() },
        },
      ]
    : []
