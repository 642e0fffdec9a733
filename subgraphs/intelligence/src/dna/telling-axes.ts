import { behaviorAxes, type AxisModel, type BehaviorAxis } from './model.ts'
import { equalFrequencyBins, toldShare } from './mutual-information.ts'

/** Forecasts or facts, a number per customer: spend to come, and the probability of churn. */
export type Outcomes = { ltv: Float64Array; churn: Float64Array }

const mostAxes = 4
/** Other axes than the former ones must tell this much more, or archetypes would change with the weather. */
const worthChanging = 1.15
/** Without outcomes: what shops ask for first. */
const customaryAxes: readonly BehaviorAxis[] = [
  'PURCHASE_FREQUENCY',
  'PURCHASE_VALUE',
  'LOYALTY_TRAJECTORY',
  'CUSTOMER_MATURITY',
]

/** How many places each axis takes in a code: its segments, and unknown. */
export const radixOf = (axes: readonly AxisModel[], chosen: readonly number[]): number[] =>
  chosen.map((axis) => axes[axis]!.segments.length + 1)

export const product = (radix: readonly number[]): number => radix.reduce((all, one) => all * one, 1)

/** One number per customer for the combination of their segments; the first axis changes fastest. */
export function codesOf(
  labels: Uint8Array,
  width: number,
  axes: readonly number[],
  radix: readonly number[],
): Int32Array {
  const codes = new Int32Array(labels.length / width)
  for (let i = 0; i < codes.length; i++) codes[i] = combinationCode(axes, radix, (axis) => labels[i * width + axis]!)
  return codes
}

/** The place of a combination in `ArchetypeTree.leaf`. */
export function combinationCode(
  axes: readonly number[],
  radix: readonly number[],
  labelOn: (axis: number) => number,
): number {
  let code = 0
  for (let j = axes.length - 1; j >= 0; j--) code = code * radix[j]! + labelOn(axes[j]!)
  return code
}

/** The axes that together tell most of both outcomes, one after the other. */
export function tellingAxes(
  axes: readonly AxisModel[],
  labels: Uint8Array,
  outcomes: Outcomes | undefined,
  former: readonly number[] | undefined,
): number[] {
  const able = axes.flatMap(({ segments }, axis) => (segments.length > 1 ? [axis] : []))
  const usable =
    former && former.length === Math.min(mostAxes, able.length) && former.every((axis) => able.includes(axis))
  if (!outcomes) return usable ? [...former] : customary(able)
  const bins = [outcomes.ltv, outcomes.churn].map((values) => equalFrequencyBins(values, 10))
  const told = (chosen: readonly number[]) => {
    const radix = radixOf(axes, chosen)
    const codes = codesOf(labels, axes.length, chosen, radix)
    return bins.reduce((sum, own) => sum + toldShare(codes, product(radix), own, 10), 0)
  }
  // An axis that is unknown of most is worth only its known part, or "unknown" itself would be what archetypes are about.
  const knownShare = (axis: number) => 1 - axes[axis]!.unknown.share
  const chosen: number[] = []
  while (chosen.length < Math.min(mostAxes, able.length)) {
    const before = told(chosen)
    const gains = able
      .filter((axis) => !chosen.includes(axis))
      .map((axis) => ({ axis, gain: (told([...chosen, axis]) - before) * knownShare(axis) }))
    chosen.push(gains.reduce((best, one) => (one.gain > best.gain ? one : best)).axis)
  }
  return usable && told(former) * worthChanging >= told(chosen) ? [...former] : chosen
}

const customary = (able: readonly number[]): number[] => {
  const first = customaryAxes.map((axis) => behaviorAxes.indexOf(axis)).filter((axis) => able.includes(axis))
  return [...first, ...able.filter((axis) => !first.includes(axis))].slice(0, mostAxes)
}
