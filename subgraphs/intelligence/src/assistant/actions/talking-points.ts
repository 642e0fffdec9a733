import type { Situation } from '../situation.ts'
import { sayCount, sayDay, sayGiven, sayMoney } from '../texts/say.ts'
import { openParcels, promisesOf } from './facts.ts'

const mostGuidance = 3
const mostPoints = 10

/** What is worth saying, or minding while one speaks: for the agent. */
export const talkingPointsOf = (situation: Situation): string[] =>
  [
    ...parcels(situation),
    ...refunds(situation),
    ...promisesOf(situation).coming.map(({ text, dueAt }) => `Promised by ${sayDay(dueAt)}: “${sayGiven(text)}”`),
    ...standing(situation),
    ...satisfaction(situation),
    ...(situation.customer?.guidance.slice(0, mostGuidance) ?? []),
  ].slice(0, mostPoints)

const parcels = (situation: Situation): string[] =>
  openParcels(situation)
    .slice(0, 2)
    .map(({ order, shipment }) => {
      const by = shipment.carrier ? ` with ${sayGiven(shipment.carrier)}` : ''
      return `Order ${sayGiven(order.externalId)} is under way${by}: “${sayGiven(shipment.status)}” on ${sayDay(shipment.updatedAt)}.`
    })

const refunds = ({ orders }: Situation): string[] =>
  orders.flatMap(({ externalId, refunded }) =>
    refunded && Number(refunded.amount) > 0
      ? [`${sayMoney(refunded)} of order ${sayGiven(externalId)} went back already.`]
      : [],
  )

function standing({ customer }: Situation): string[] {
  if (!customer?.firstOrderAt || customer.orders === 0) return []
  return [`A customer since ${sayDay(customer.firstOrderAt)}, with ${sayCount(customer.orders, 'order')}.`]
}

function satisfaction({ pastTickets }: Situation): string[] {
  const last = pastTickets.find((ticket) => ticket.satisfaction !== null)
  return last ? [`Gave ${last.satisfaction} of 5 for “${sayGiven(last.subject)}”.`] : []
}
