import { refuse } from '@quimbi/service/errors.ts'
import type { Weights } from './score.ts'

const largest = 100

/** Least and most of each weight. Only what is hard may lose points: a ticket that waits longer never falls. */
const limits: Record<keyof Weights, readonly [number, number]> = {
  churnRisk: [0, largest],
  customerValue: [0, largest],
  urgency: [0, largest],
  age: [0, largest],
  difficultyEasy: [0, largest],
  difficultyHard: [-largest, 0],
  sentiment: [0, largest],
  topicAlert: [0, largest],
  slaImminent: [0, largest],
  slaBreaching: [0, largest],
}

const isName = (name: string): name is keyof Weights => Object.hasOwn(limits, name)

/** A tenant's own weights by name, each a number within its limits; INVALID otherwise. Those left out stay the formula's. */
export function checkWeights(given: unknown, path: string[]): Partial<Weights> {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return refuse('INVALID', 'Weights are an object: a number by name.', path)
  const checked: Partial<Weights> = {}
  for (const [name, value] of Object.entries(given)) {
    const at = [...path, name]
    if (!isName(name)) return refuse('INVALID', `Weights are ${Object.keys(limits).join(', ')}.`, at)
    const [least, most] = limits[name]
    if (typeof value !== 'number' || !(value >= least && value <= most))
      return refuse('INVALID', `${name} is a number from ${least} to ${most}.`, at)
    checked[name] = value
  }
  return checked
}
