import { render } from '../limits/render.ts'
import { customerFacts, daysAgo, orderFact, parcel, policy, situation } from '../situation.test-kit.ts'
import type { Situation, Wish } from '../situation.ts'
import { write } from './writer.ts'

const policies = [
  policy(),
  policy({
    id: 'p2',
    kind: 'REFUND',
    text: 'Refunds go back to the original payment method within 10 days of the return.',
  }),
  policy({ id: 'p3', kind: 'COMPENSATION', text: 'For our mistakes.', maxCompensation: '10.00' }),
]
/** What is sent. */
export const reply = (overrides: Partial<Situation>, wish: Partial<Wish> = {}) => {
  const one = situation({ policies, ...overrides })
  const how: Wish = { tone: 'PROFESSIONAL', length: 'MEDIUM', ...wish }
  return render(write(one, how), one, how)?.content
}
export const arrived = orderFact({
  status: 'DELIVERED',
  shipments: [parcel({ status: 'delivered', updatedAt: daysAgo(1) })],
})
export const waiting = orderFact({ status: 'PAID', shipments: [] })
export const leaving = customerFacts({
  churn: { score: 0.9, level: 'CRITICAL', horizonDays: 90, reasons: [] },
  isHighValue: true,
})
