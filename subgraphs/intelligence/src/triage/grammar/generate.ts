import { between, createRandom, pick, type Random } from '@quimbi/service/random.ts'
import { account, payment } from './accounts.ts'
import { discount, productQuestion, productRecommendation } from './products.ts'
import { exchange, refundRequest, refundStatus, returnRequest, returnStatus } from './money-back.ts'
import { orderCancel, orderChange, orderDamaged, orderMissing, orderWrong } from './orders.ts'
import { elsewhere } from './elsewhere.ts'
import { everydayElsewhere } from './everyday-elsewhere.ts'
import { everydayMoney } from './everyday-money.ts'
import { everydayMore } from './everyday-more.ts'
import { everydayOrders } from './everyday-orders.ts'
import { everydayProducts } from './everyday-products.ts'
import { everydayShipping } from './everyday-shipping.ts'
import { closings, contexts, doing, frames, openings, questions } from './frames.ts'
import { expand } from './expand.ts'
import { mistype } from './mistype.ts'
import type { EverydayPhrases, IntentPhrases } from './phrases.ts'
import { shippingAddress, shippingDelay, shippingPolicy, shippingStatus } from './shipping.ts'
import { feedback, other, thanks } from './talk.ts'
import type { Intent } from './taxonomy.ts'

const plain: Record<Intent, IntentPhrases> = {
  order_cancel: orderCancel,
  order_change: orderChange,
  order_damaged: orderDamaged,
  order_wrong: orderWrong,
  order_missing: orderMissing,
  shipping_delay: shippingDelay,
  shipping_address: shippingAddress,
  shipping_policy: shippingPolicy,
  shipping_status: shippingStatus,
  refund_request: refundRequest,
  refund_status: refundStatus,
  return_request: returnRequest,
  return_status: returnStatus,
  exchange,
  product_question: productQuestion,
  product_recommendation: productRecommendation,
  discount,
  payment,
  account,
  feedback,
  thanks,
  other: {
    actions: [...(other.actions ?? []), ...(elsewhere.actions ?? [])],
    things: [...(other.things ?? []), ...(elsewhere.things ?? [])],
    says: [...other.says, ...elsewhere.says],
  },
}

const everyday: readonly EverydayPhrases[] = [
  everydayShipping,
  everydayOrders,
  everydayMoney,
  everydayProducts,
  everydayElsewhere,
  everydayMore,
]

const phrases = Object.entries(plain).map(([name, own]): [Intent, IntentPhrases] => {
  const intent = name as Intent
  const all = [own, ...everyday.map((more) => more[intent] ?? {})]
  return [
    intent,
    {
      actions: all.flatMap(({ actions = [] }) => actions),
      things: all.flatMap(({ things = [] }) => things),
      says: all.flatMap(({ says = [] }) => says),
    },
  ]
})

/** Messages with their intents; `groups` tells which were made from the same phrase. */
export type Corpus = { texts: string[]; labels: Intent[]; groups: number[] }

/** Messages by the grammar, about `perPhrase` of each of its phrases, in every kind of wrapping and spelling. The same seed gives the same ones. */
export function generateCorpus({ seed, perPhrase }: { seed: number; perPhrase: number }): Corpus {
  const random = createRandom(seed)
  const corpus: Corpus = { texts: [], labels: [], groups: [] }
  let group = 0
  for (const [intent, { actions = [], things = [], says }] of phrases) {
    const makers = [
      ...actions.map((action) => () => sayAction(expand(action, random), random)),
      ...things.map((thing) => () => expand(pick(random, questions), random, { thing: expand(thing, random) })),
      ...says.map((sentence) => () => expand(sentence, random)),
    ]
    for (const make of makers) {
      for (let made = 0; made < perPhrase; made++) {
        corpus.texts.push(wrap(make(), random, intent))
        corpus.labels.push(intent)
        corpus.groups.push(group)
      }
      group++
    }
  }
  return corpus
}

function sayAction(action: string, random: Random): string {
  if (random() < 0.12) return action
  return expand(pick(random, frames), random, { action, doing: doing(action) })
}

/** What stands around a request: greeting, circumstances, good-bye; then the way it is typed. */
function wrap(core: string, random: Random, intent: Intent): string {
  const parts = [core]
  if (random() < 0.25) parts.unshift(expand(pick(random, openings), random))
  if (random() < 0.15 && intent !== 'thanks')
    parts.splice(between(random, 0, 1), 0, expand(pick(random, contexts), random))
  if (random() < 0.2 && intent !== 'thanks') parts.push(expand(pick(random, closings), random))
  return mistype(parts.map((part) => sentence(part, random)).join(' '), random)
}

function sentence(text: string, random: Random): string {
  const end = /[?!.]$/.test(text) ? '' : pick(random, ['', '.', '.', '?', '!'])
  return (random() < 0.5 ? text.charAt(0).toUpperCase() + text.slice(1) : text) + end
}
