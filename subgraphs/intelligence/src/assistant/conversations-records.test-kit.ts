import { between, pick, type Random } from '@quimbi/service/random.ts'
import type { Intent } from '../triage/grammar/taxonomy.ts'
import type { OrderFact, Policy, ShipmentFact } from './situation.ts'
import { daysAgo, orderFact, parcel, policy, usd } from './builders.test-kit.ts'

const titles = [
  'Opal glass lamp',
  'Copper kettle',
  'Stoneware mug, set of 4',
  'Wool throw',
  'Men’s running shoe “Aero 2”, 43 EU',
  'USB-C cable 2 m (black)',
  'Kilim rug 160 × 230 cm, hand-woven by the artisans of the upper valley in natural colours, with care instructions',
] as const
const carriers = ['DHL', 'UPS', 'Royal Mail', 'Parcel Post', null] as const
const moving = ['in_transit', 'In Transit', 'out_for_delivery', 'label created', 'exception'] as const
const settled = new Set<Intent>(['order_damaged', 'order_wrong', 'order_missing', 'return_request', 'exchange'])

/** None to four orders, the likeliest first, as such a matter has them. */
export function ordersOf(random: Random, intent: Intent): OrderFact[] {
  const count = random() < 0.12 ? 0 : between(random, 1, random() < 0.7 ? 1 : 4)
  return Array.from({ length: count }, (_, index) => orderAt(random, intent, index))
}

function orderAt(random: Random, intent: Intent, index: number): OrderFact {
  const id = `0b6f5f60-0000-4000-8000-${between(random, 1, 2 ** 31)
    .toString(16)
    .padStart(12, '0')}`
  const status: OrderFact['status'] =
    settled.has(intent) && random() < 0.85
      ? 'DELIVERED'
      : pick<OrderFact['status']>(random, ['PLACED', 'PAID', 'FULFILLED', 'DELIVERED', 'CANCELLED', 'RETURNED'])
  const items = Array.from({ length: between(random, 1, 4) }, (_, line) => ({
    sku: `SKU-${line}`,
    title: pick(random, titles),
    quantity: between(random, 1, 3),
    unitPrice: usd(`${between(random, 5, 300)}.00`),
  }))
  const cents = items.reduce((sum, { quantity, unitPrice }) => sum + quantity * Number(unitPrice.amount), 0)
  return orderFact({
    id,
    externalId: pick(random, [
      `#${between(random, 10_000, 99_999)}`,
      `${between(random, 100_000, 9_999_999)}`,
      `LO-${between(random, 1_000, 9_999)}`,
    ]),
    placedAt: daysAgo(between(random, 1, 40) + index * 30),
    status,
    total: usd(cents.toFixed(2)),
    refunded: status === 'RETURNED' || random() < 0.08 ? usd(items[0]!.unitPrice.amount) : null,
    items,
    shipments:
      status === 'FULFILLED' || status === 'DELIVERED' || status === 'RETURNED' ? parcelsOf(random, id, status) : [],
  })
}

function parcelsOf(random: Random, orderId: string, status: OrderFact['status']): ShipmentFact[] {
  const count = random() < 0.08 ? 0 : between(random, 1, random() < 0.8 ? 1 : 3)
  return Array.from({ length: count }, (_, line) =>
    parcel({
      id: `${orderId}:${line}`,
      carrier: pick(random, carriers),
      trackingNumber: random() < 0.15 ? null : `JD0146${between(random, 10 ** 8, 10 ** 9)}`,
      status: status === 'FULFILLED' ? pick(random, moving) : 'delivered',
      updatedAt: daysAgo(between(random, 0, 14)),
    }),
  )
}

const allPolicies: readonly Policy[] = [
  policy(),
  policy({
    id: '7c1e4b20-0000-4000-8000-000000000002',
    kind: 'REFUND',
    text: 'Refunds go back to the original payment method within 5 to 10 business days after we receive the item.',
  }),
  policy({
    id: '7c1e4b20-0000-4000-8000-000000000003',
    kind: 'SHIPPING',
    text: 'We ship to the US, the UK and the EU. Standard shipping takes 3 to 5 business days. Orders over $50 ship free.',
  }),
  policy({
    id: '7c1e4b20-0000-4000-8000-000000000004',
    kind: 'COMPENSATION',
    text: 'Agents may give store credit for our mistakes.',
    maxCompensation: '20.00',
  }),
  policy({
    id: '7c1e4b20-0000-4000-8000-000000000005',
    kind: 'COMPENSATION',
    text: 'At most ten dollars without a manager.',
    maxCompensation: '10.00',
  }),
  policy({
    id: '7c1e4b20-0000-4000-8000-000000000006',
    kind: 'DISCOUNT',
    text: 'Codes of up to 15 % may be given on request.',
    maxDiscountPercent: 15,
  }),
  policy({
    id: '7c1e4b20-0000-4000-8000-000000000007',
    kind: 'TONE',
    text: 'Warm and plain. Never blame the carrier.',
  }),
]

/** Some of the shop's policies, sometimes none. */
export const policiesOf = (random: Random): Policy[] =>
  random() < 0.15 ? [] : allPolicies.filter(() => random() < 0.7)
