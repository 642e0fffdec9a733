import type { Sentence } from '../written.ts'
import type { Matter } from './matter.ts'
import type { Pen } from './pen.ts'

type Lines = readonly (Sentence | null | false)[]

/** What to say of a matter: in this order, each a paragraph. */
export type Plan = {
  /** what went wrong, "the damage to your order": an apology begins the reply */
  trouble?: string
  /** what it is about, "your return": where nothing went wrong; null where that is not clear */
  topic: string | null
  /** how things are, by the records */
  facts: Lines
  /** what happens next, and what is needed for it */
  next: Lines
  /** what may help besides */
  more?: Lines
  /** a mistake of ours, for which something may be offered */
  isOurs?: boolean
  /** about something that must have arrived */
  isOfArrived?: boolean
  /** whether it takes an order to answer */
  needsOrder: boolean
  /** how surely it can be sent as it is, when all is known, 0 to 1 */
  confidence: number
}

export type Planner = (matter: Matter, pen: Pen) => Plan
