import type { Situation } from '../situation.ts'
import { cleanTitle } from './clean.ts'
import { daysBetween, isoDay } from './dates.ts'
import { heardIn, type Heard } from './heard.ts'
import { type OrderWords, orderWords } from './order-facts.ts'
import type { Fact, Pen } from './pen.ts'
import { creditOf, discountOf } from './policies.ts'

/** Whether it is sure which order is meant. */
export type Doubt = 'NONE' | 'SEVERAL_FIT' | 'NUMBER_UNKNOWN' | 'NO_ORDER'

/** All that a reply is made of, in words that cite their records. */
export type Matter = {
  situation: Situation
  heard: Heard
  order: OrderWords | null
  doubt: Doubt
  /** the thing that it is about: the line that they name, or the order's only one */
  item: Fact | null
  /** most that may be offered to make up for it, or off a price */
  credit: Fact | null
  discount: Fact | null
  care: Care
  /** whether one of the team wrote these words before */
  wasTold(words: string): boolean
}

export type Care = {
  /** angry, a VIP, of high value, or about to leave */
  isSpecial: boolean
  isAboutToLeave: boolean
  /** "2019", of the profile; of whom we have to keep and know for a year */
  since: Fact | null
}

export function matterOf(situation: Situation, pen: Pen): Matter {
  const { orders, now, turns } = situation
  const heard = heardIn(situation)
  const doubt = doubtOf(situation, heard)
  const first = doubt === 'NUMBER_UNKNOWN' ? undefined : orders[0]
  const told = turns.filter(({ fromAgent }) => fromAgent).map(({ content }) => content.toLowerCase())
  const line = first && (heard.item ?? (first.items.length === 1 ? first.items[0] : null))
  const title = line ? cleanTitle(line.title) : null
  return {
    situation,
    heard,
    order: first ? orderWords(first, { now, isShort: pen.isShort, isSpoken: pen.channel === 'PHONE' }) : null,
    doubt,
    item:
      first && line && title
        ? { text: title, cites: [{ source: 'ORDER', id: first.id, quote: line.title.trim() }] }
        : null,
    credit: creditOf(situation),
    discount: discountOf(situation),
    care: careOf(situation, heard),
    wasTold: (words) => told.some((text) => text.includes(words.toLowerCase())),
  }
}

function doubtOf({ orders, isOrderNamed }: Situation, { hasUnknownNumber }: Heard): Doubt {
  if (isOrderNamed && orders.length > 0) return 'NONE'
  if (hasUnknownNumber) return 'NUMBER_UNKNOWN'
  if (orders.length === 0) return 'NO_ORDER'
  return orders.length === 1 ? 'NONE' : 'SEVERAL_FIT'
}

function careOf({ customer, isVip, now }: Situation, { isUpset }: Heard): Care {
  const isAboutToLeave = customer?.churn?.level === 'HIGH' || customer?.churn?.level === 'CRITICAL'
  const isHighValue = isVip || (customer?.isHighValue ?? false)
  const { firstOrderAt = null } = customer ?? {}
  return {
    isSpecial: isUpset || isHighValue || isAboutToLeave,
    isAboutToLeave,
    since:
      isHighValue && customer && firstOrderAt && daysBetween(firstOrderAt, now) >= 365
        ? {
            text: String(firstOrderAt.getUTCFullYear()),
            cites: [{ source: 'PROFILE', id: customer.id, quote: isoDay(firstOrderAt) }],
          }
        : null,
  }
}
