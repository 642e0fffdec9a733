import { sayCount, sayDay, sayGiven, sayList, sayMoney, sayNumber, sayShare } from './say.ts'
import { day, featureOf, fromProfile, type Teller } from './teller.ts'

// What a customer did, as it is on record.

export const orders: Teller = (known) => {
  const { behavior } = known
  if (!behavior || behavior.totalOrders === 0) return []
  const { totalOrders, lifetimeValue, averageOrderValue, firstOrderAt } = behavior
  const since = firstOrderAt ? ` since ${sayDay(firstOrderAt)}` : ''
  return [
    fromProfile(
      known,
      `They have placed ${sayCount(totalOrders, 'order')}${since}, worth ${sayMoney(lifetimeValue)} net of refunds and ${sayMoney(averageOrderValue)} on average.`,
      `totalOrders ${totalOrders}, lifetimeValue ${sayMoney(lifetimeValue)}, averageOrderValue ${sayMoney(averageOrderValue)}`,
    ),
  ]
}

export const lastOrder: Teller = ({ behavior, lastOrder: last }) => {
  if (!last) return []
  const days = behavior?.daysSinceLastPurchase
  const ago = days === null || days === undefined ? '' : `, ${sayCount(days, 'day')} ago`
  return [
    {
      text: `The last one, ${sayGiven(last.externalId)}, was for ${sayMoney(last.total)} on ${sayDay(last.placedAt)}${ago}.`,
      cite: {
        source: 'ORDER',
        id: last.id,
        quote: `${last.externalId}, ${day(last.placedAt)}, ${sayMoney(last.total)}`,
      },
    },
  ]
}

export const returns: Teller = (known) => {
  const { behavior } = known
  if (!behavior || behavior.totalOrders === 0) return []
  const { returnRate } = behavior
  const said =
    returnRate === 0
      ? 'They have sent nothing back.'
      : `They have sent back ${sayShare(returnRate)} of what they bought, by value.`
  return [fromProfile(known, said, `returnRate ${returnRate.toFixed(3)}`)]
}

export const since: Teller = (known) => {
  const { firstOrderAt = null, tenureDays = 0 } = known.behavior ?? {}
  return firstOrderAt
    ? [
        fromProfile(
          known,
          `Their first order was on ${sayDay(firstOrderAt)}, ${sayCount(tenureDays, 'day')} ago.`,
          `firstOrderAt ${day(firstOrderAt)}`,
        ),
      ]
    : []
}

export const rhythm: Teller = (known) => {
  const [days, gap] = [featureOf(known, 'purchaseDays'), featureOf(known, 'meanGap')]
  if (days === null || gap === null) return []
  if (days < 2)
    return [fromProfile(known, 'They have bought on one day only: that is no rhythm yet.', `purchaseDays ${days}`)]
  return [
    fromProfile(
      known,
      `They have bought on ${sayNumber(days)} days, ${sayNumber(gap, 1)} days apart on average.`,
      `meanGap ${sayNumber(gap, 1)}`,
    ),
  ]
}

const quarters = ['January to March', 'April to June', 'July to September', 'October to December']
/** Of fewer purchase days a season is chance. */
const fewDays = 4

export const season: Teller = (known) => {
  const days = featureOf(known, 'purchaseDays') ?? 0
  const weekend = featureOf(known, 'weekendShare')
  if (days < fewDays || weekend === null) return []
  const shares = ([1, 2, 3, 4] as const).map((quarter) => featureOf(known, `quarter${quarter}Share`) ?? 0)
  const largest = shares.indexOf(Math.max(...shares))
  return [
    fromProfile(
      known,
      `${sayShare(weekend)} of their purchase days were on weekends.`,
      `weekendShare ${weekend.toFixed(2)}`,
    ),
    ...(shares[largest]! > 0.4
      ? [
          fromProfile(
            known,
            `${sayShare(shares[largest]!)} of them were from ${quarters[largest]}.`,
            `quarter${largest + 1}Share ${shares[largest]!.toFixed(2)}`,
          ),
        ]
      : []),
  ]
}

export const discounts: Teller = (known) => {
  const [share, depth] = [featureOf(known, 'discountedOrderShare'), featureOf(known, 'discountShare')]
  if (share === null || depth === null) return []
  const said =
    share === 0
      ? 'None of their orders was discounted.'
      : `${sayShare(share)} of their orders were discounted, by ${sayShare(depth)} of all spend.`
  return [fromProfile(known, said, `discountedOrderShare ${share.toFixed(2)}, discountShare ${depth.toFixed(2)}`)]
}

const channels = [
  ['emailShare', 'by email'],
  ['messagingShare', 'by SMS or chat'],
  ['phoneShare', 'by phone'],
] as const

export const channel: Teller = (known) => {
  const used = channels
    .flatMap(([name, words]) => {
      const share = featureOf(known, name) ?? 0
      return share > 0 ? [{ name, words, share }] : []
    })
    .sort((a, b) => b.share - a.share)
  if (used.length === 0) return []
  const said = sayList(used.map(({ words, share }) => `${words} (${sayShare(share)})`))
  return [
    fromProfile(known, `They write ${said}.`, used.map(({ name, share }) => `${name} ${share.toFixed(2)}`).join(', ')),
  ]
}

export const support: Teller = (known) => {
  const tickets = featureOf(known, 'tickets')
  const mood = featureOf(known, 'averageSentiment')
  if (tickets === null || tickets === 0 || mood === null) return []
  return [
    fromProfile(
      known,
      `They have written ${sayCount(tickets, 'support ticket')} so far and sounded ${mood < 0.4 ? 'unhappy' : mood > 0.6 ? 'happy' : 'neither happy nor unhappy'} on average (${mood.toFixed(2)} of 1).`,
      `tickets ${tickets}, averageSentiment ${mood.toFixed(2)}`,
    ),
  ]
}
