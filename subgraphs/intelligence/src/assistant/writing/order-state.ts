import type { Sentence } from '../written.ts'
import type { OrderWords, ParcelWords } from './order-facts.ts'
import type { Fact, Pen } from './pen.ts'

/** How far an order has come, as its records have it: the sentence that answers "where is it?". */
export function stateOf(order: OrderWords, pen: Pen): Sentence {
  const { name, holding, status } = order
  const parcel = order.parcels.find(({ isDelivered }) => !isDelivered) ?? order.parcels[0]
  if (order.stage === 'CANCELLED') return pen.must`Your ${name}${holding} is ${status}.`
  if (order.stage === 'RETURNED') return pen.must`Your ${name}${holding} is recorded as ${status}.`
  if (!parcel) return withoutParcel(order, pen)
  return parcel.isDelivered ? arrived(order, parcel, pen) : travelling(order, parcel, pen)
}

function withoutParcel({ stage, name, holding, dated, status }: OrderWords, pen: Pen): Sentence {
  if (stage === 'DELIVERED') return pen.must`Our records show your ${name}${holding} as ${status}.`
  if (stage === 'SENT') return pen.must`Your ${name}${holding} is marked as ${status}, with no tracking number so far.`
  return pen.either(
    pen.must`Your ${name} is ${status} and has not left us yet.`,
    pen.must`Your ${name}${dated}${holding} is ${status} and, by our records, has not left us yet.`,
  )
}

const arrived = ({ name, holding }: OrderWords, { carrier, day, status }: ParcelWords, pen: Pen): Sentence =>
  pen.must`Our records show your ${name}${holding} as ${deliveredWord(status)}${by(carrier, ' by ')} on ${day}.`

function travelling({ stage, name, holding }: OrderWords, parcel: ParcelWords, pen: Pen): Sentence {
  const { carrier, status, day } = parcel
  if (!status) return pen.must`The last news of your ${name}${holding}${by(carrier, ' from ')} is of ${day}.`
  if (/^out for delivery$/.test(status.text))
    return pen.must`Your ${name}${holding} is ${status}${by(carrier, ' with ')}, as of ${day}.`
  if (stage === 'MOVING')
    return pen.either(
      pen.must`Your ${name} was ${status}${by(carrier, ' with ')} on ${day}.`,
      pen.must`Your ${name}${holding} is on its way${by(carrier, ' with ')}, listed as ${status} on ${day}.`,
    )
  return pen.must`Your ${name}${holding} is listed as ${status}${by(carrier, ' with ')}, as of ${day}.`
}

/** The numbers to follow it by; nothing where there are none, or where the team gave them already. */
export function trackingOf({ parcels }: OrderWords, pen: Pen, wasTold: (words: string) => boolean): Sentence | null {
  const open = parcels.filter(({ tracking }) => tracking && !wasTold(tracking.text))
  const [first, second] = open.map(({ tracking }) => tracking)
  if (!first || pen.channel === 'PHONE') return null
  if (!second) return pen.either(pen.should`Tracking: ${first}.`, pen.should`The tracking number is ${first}.`)
  return pen.should`The tracking numbers of its parcels are ${first} and ${second}.`
}

export const by = (carrier: Fact | null, before: string): Fact =>
  carrier ? { ...carrier, text: before + carrier.text } : { text: '', cites: [] }

const deliveredWord = (status: Fact | null): Fact => ({ text: 'delivered', cites: status?.cites ?? [] })
