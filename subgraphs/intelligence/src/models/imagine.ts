import { createRandom, pick, type Random } from '@quimbi/service/random.ts'
import { dayMs } from '../features/facts.ts'
import type { CustomerHistory, EventFact, InteractionFact, OrderFact } from '../features/history.ts'
import { gammaCenter, paretoCenter } from '../ltv/btyd.ts'
import { imagineCustomer } from '../ltv/simulate.ts'

const plainShop = { pareto: paretoCenter, gammaGamma: gammaCenter }
const weekMs = 7 * dayMs
const oldestWeeks = 130
const channels = ['EMAIL', 'EMAIL', 'EMAIL', 'CHAT', 'CHAT', 'PHONE', 'SMS', 'FORM'] as const
const shelves = ['home', 'kitchen', 'garden', 'toys', 'books', 'clothes', 'outdoor', 'beauty'] as const

/**
 * Customers of a plain shop that never was, as they stand at `asOf`: they buy at a rate of their own until they silently leave, some by
 * season, some only what is reduced; some write, some open what they are sent. A purchase is worth `value` on average. Deterministic for a
 * seed; nobody's data are in it.
 */
export function imagineShop(
  count: number,
  { asOf, value, seed }: { asOf: number; value: number; seed: number },
): CustomerHistory[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, (_, index) => {
    const firstAt = asOf - Math.ceil(random() * oldestWeeks * 7) * dayMs
    const weeks = (asOf - firstAt) / weekMs
    const bargains = random() < 0.25 ? 0.8 : 0.15 * random()
    const season = random() < 0.2 ? Math.floor(random() * 4) : null
    const range = 1 + Math.floor(random() * 4)
    const orders = imagineCustomer(plainShop, weeks, random)
      .map(({ at, value: worth }) => ({ at: firstAt + at * weekMs, worth: worth * value }))
      .filter(
        ({ at }, place) => at < asOf && (place === 0 || season === null || quarterOf(at) === season || random() < 0.3),
      )
      .map(({ at, worth }) => imagineOrder({ at, worth, bargains, range }, random))
    return {
      customerId: `imagined-${index}`,
      country: random() < 0.8 ? 'US' : 'CA',
      orders: [...orders, ...returnsOf(orders, asOf, random)].sort((a, b) => a.at - b.at),
      interactions: imagineTalk(orders, asOf, random),
      events: imagineVisits(orders, asOf, random),
    }
  })
}

const quarterOf = (at: number): number => Math.floor(new Date(at).getUTCMonth() / 3)

type Basket = { at: number; worth: number; bargains: number; range: number }

function imagineOrder({ at, worth, bargains, range }: Basket, random: Random): OrderFact {
  const lines = 1 + Math.floor(3 * random())
  const isReduced = random() < bargains
  const places = Array.from({ length: lines }, () => Math.floor(random() * range))
  return {
    at,
    amount: worth,
    refunded: 0,
    items: lines + Math.floor(2 * random()),
    lines,
    discount: isReduced ? worth * 0.2 : 0,
    discountedLines: isReduced ? lines : 0,
    isReturn: false,
    skus: places.map((place) => `sku-${place}-${Math.floor(random() * 20)}`),
    categories: places.map((place) => shelves[place] ?? 'home'),
  }
}

function returnsOf(orders: readonly OrderFact[], asOf: number, random: Random): OrderFact[] {
  const often = random() < 0.1 ? 0.4 : 0.04
  return orders.flatMap((order) => {
    const at = order.at + (3 + 20 * random()) * dayMs
    if (random() >= often || at >= asOf) return []
    return [{ ...order, at, isReturn: true, discount: 0, discountedLines: 0 }]
  })
}

function imagineTalk(orders: readonly OrderFact[], asOf: number, random: Random): InteractionFact[] {
  const often = random() < 0.15 ? 0.6 : 0.08
  const opens = random() < 0.5 ? random() : 0
  const mood = 0.2 + 0.7 * random()
  const channel = pick(random, channels)
  return orders
    .flatMap(({ at }): InteractionFact[] => {
      const asked: InteractionFact = {
        at: at + 4 * dayMs * random(),
        kind: 'SUPPORT_TICKET',
        channel,
        sentiment: Math.min(1, Math.max(0, mood + 0.3 * (random() - 0.5))),
        resolvedHours: 48 * random(),
      }
      const read = { channel: 'EMAIL' as const, sentiment: null, resolvedHours: null }
      const opened = Array.from({ length: 4 }, (_, week) => ({
        ...read,
        kind: 'EMAIL_OPEN' as const,
        at: at + week * weekMs + dayMs,
      }))
      return [
        ...(random() < often ? [asked, { ...asked, at: asked.at + dayMs / 4, kind: 'MESSAGE' as const }] : []),
        ...opened.flatMap((open) =>
          random() < opens ? [open, ...(random() < 0.3 ? [{ ...open, kind: 'EMAIL_CLICK' as const }] : [])] : [],
        ),
      ]
    })
    .filter(({ at }) => at < asOf)
    .sort((a, b) => a.at - b.at)
}

function imagineVisits(orders: readonly OrderFact[], asOf: number, random: Random): EventFact[] {
  const perOrder = Math.floor(4 * random())
  return orders
    .flatMap(({ at }) =>
      Array.from({ length: perOrder }, () => ({ at: at + (random() - 0.7) * 20 * dayMs, name: 'visit' })),
    )
    .filter(({ at }) => at < asOf)
    .sort((a, b) => a.at - b.at)
}
