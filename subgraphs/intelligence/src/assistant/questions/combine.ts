import type { CustomerQuery } from '../../analytics/filter.ts'
import type { BehaviorAxis, SegmentationModel } from '../../dna/model.ts'
import type { LifecycleStage } from '../../insight/lifecycle.ts'
import type { Bounds, Part } from './part.ts'

/** What some words meant; lists that are negated are of what is not meant. */
export type Meant = { parts: readonly Part[]; isNegated: boolean }

export type Combined = { query: CustomerQuery; notes: string[]; first: number | null; conflicts: string[] }

const stages: readonly LifecycleStage[] = ['NEW', 'ACTIVE', 'LOYAL', 'AT_RISK', 'LAPSED', 'WON_BACK']

/**
 * One query of all that was meant: everything holds at once, so that the tighter of two bounds counts. Of a list that a customer is on in one
 * place only, such as a stage or a segment of one axis, any that is named will do. Pure.
 */
export function combined(meant: readonly Meant[], model: SegmentationModel): Combined {
  const flat = meant.flatMap(({ parts, isNegated }) => parts.map((part) => ({ part, isNegated })))
  const of = <K extends Part['kind']>(kind: K) =>
    flat.filter((one): one is { part: Extract<Part, { kind: K }>; isNegated: boolean } => one.part.kind === kind)
  const stage = chosen(
    of('stage').map(({ part, isNegated }) => ({ value: part.stage, isNegated })),
    stages,
  )
  const segments = segmentsOf(of('segment'), model)
  const archetypes = [...new Set(of('archetype').map(({ part }) => part.id))]
  const orders = [...new Set(of('order').map(({ part }) => part.order))]
  const firsts = of('first').map(({ part }) => part.first)
  const query: CustomerQuery = {
    ...of('bounds').reduce<Bounds>((all, { part }) => tighter(all, part.bounds), {}),
    ...(stage && { lifecycle: stage }),
    ...(segments && { segments }),
    ...(archetypes[0] !== undefined && { archetypeId: archetypes[0] }),
    orderBy: orders[0] ?? (firsts.length > 0 ? 'LTV' : 'REVENUE_AT_RISK'),
  }
  return {
    query,
    notes: [...new Set(of('bounds').flatMap(({ part }) => part.note ?? []))],
    first: firsts.length > 0 ? Math.min(...firsts) : null,
    conflicts: [
      ...(archetypes.length > 1 ? ['two archetypes at once'] : []),
      ...(orders.length > 1 ? ['two orders at once'] : []),
      ...(stage?.length === 0 || segments?.length === 0 ? ['what nobody can be at once'] : []),
    ],
  }
}

function tighter(all: Bounds, more: Bounds): Bounds {
  const merged: Record<string, unknown> = { ...all }
  for (const [name, value] of Object.entries(more)) {
    const before = merged[name]
    const pick = name.endsWith('AtLeast') ? Math.max : Math.min
    const isTighter = before === undefined || pick(Number(before), Number(value)) === Number(value)
    if (isTighter) merged[name] = value
  }
  return merged as Bounds
}

type Named<T> = { value: T; isNegated: boolean }

/** Those that are named, or all, without those that are negated; null where nothing is said. */
function chosen<T>(named: readonly Named<T>[], all: readonly T[]): T[] | null {
  if (named.length === 0) return null
  const [no, yes] = [true, false].map((negated) =>
    named.filter((one) => one.isNegated === negated).map(({ value }) => value),
  )
  return all.filter((one) => (yes?.length ? yes.includes(one) : true) && !no?.includes(one))
}

type NamedSegment = { part: { axis: BehaviorAxis; id: string }; isNegated: boolean }

/** By axis; empty where an axis is left with none. */
function segmentsOf(named: readonly NamedSegment[], { axes }: SegmentationModel): string[] | null {
  if (named.length === 0) return null
  const groups = [...Map.groupBy(named, ({ part }) => part.axis)].map(([axis, ones]) => {
    const own = axes.find((one) => one.axis === axis)
    const ids = own ? [...own.segments, own.unknown].map(({ id }) => id) : []
    return (
      chosen(
        ones.map(({ part, isNegated }) => ({ value: part.id, isNegated })),
        ids,
      ) ?? []
    )
  })
  return groups.some(({ length }) => length === 0) ? [] : groups.flat()
}
