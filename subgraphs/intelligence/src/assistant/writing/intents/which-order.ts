import type { Sentence } from '../../written.ts'
import type { Matter } from '../matter.ts'
import type { Pen } from '../pen.ts'

/** Asks for the order where it is not known. */
export function whichOrder({ doubt, order }: Matter, pen: Pen): Sentence | null {
  if (order) return null
  if (doubt === 'NUMBER_UNKNOWN')
    return pen.either(
      pen.must`I cannot find that order number. Could you check it, or tell me the email address you ordered with?`,
      pen.must`I could not find an order under the number that you gave. Could you check it, or tell me the email address that you ordered with?`,
    )
  return pen.either(
    pen.must`Could you tell me your order number, or the email address you ordered with?`,
    pen.must`Could you tell me your order number, or the email address that you ordered with, so that I can look it up?`,
  )
}

/** Says that it may be another one, where several fit or the customer named none. */
export function otherOrder({ doubt, order, situation }: Matter, pen: Pen): Sentence | null {
  if (!order || situation.isOrderNamed) return null
  const say =
    pen.channel === 'SMS' || doubt !== 'SEVERAL_FIT' ? (doubt === 'SEVERAL_FIT' ? pen.should : pen.may) : pen.must
  return say`If you mean another order, please tell me its number.`
}
