import { derivedId } from '@quimbi/database/ids.ts'
import { refuse, type UserError } from '@quimbi/service/errors.ts'
import { checkAll, instant, owner, word, type CheckedCustomer, type GivenCustomer } from '../common/checks.ts'
import type { InteractionChannel, InteractionKind } from '../features/history.ts'

type Optional<T> = T | null | undefined

/** An interaction as a source sends it. */
export type GivenInteraction = {
  externalId: string
  channel: InteractionChannel
  at: Date
  kind: InteractionKind
  /** 0 negative … 1 positive */
  sentiment?: Optional<number>
  resolvedHours?: Optional<number>
}

export type CustomerInteraction = { customer: GivenCustomer; interaction: GivenInteraction }

/** A checked one; the instant is ISO text. */
export type CheckedInteraction = {
  externalId: string
  channel: InteractionChannel
  at: string
  kind: InteractionKind
  sentiment: number | null
  resolvedHours: number | null
}

export type InteractionRow = CheckedInteraction & { id: string; source: string; customer: CheckedCustomer }

/** Eleven years: longer is a mistake of units. */
const maxHours = 100_000

/** Refuses an interaction that cannot be; `path` is its own place in the input. Pure. */
export function checkInteraction(given: GivenInteraction, now: Date, path: string[]): CheckedInteraction {
  const at = (field: string) => [...path, field]
  return {
    externalId: word(given.externalId, 200, at('externalId')),
    channel: given.channel,
    at: instant(given.at, now, at('at')),
    kind: given.kind,
    sentiment: between(given.sentiment, 1, at('sentiment')),
    resolvedHours: between(given.resolvedHours, maxHours, at('resolvedHours')),
  }
}

function between(value: Optional<number>, most: number, path: string[]): number | null {
  if (value === null || value === undefined) return null
  // Adding 0 makes one zero of the two.
  return value >= 0 && value <= most ? value + 0 : refuse('INVALID', `This lies between 0 and ${most}.`, path)
}

/** The interactions of a batch that may be taken, and why the others may not. Pure. */
export function validateInteractions(
  items: readonly CustomerInteraction[],
  { tenantId, source, now }: { tenantId: string; source: string; now: Date },
): { valid: InteractionRow[]; errors: UserError[] } {
  return checkAll(items, { list: 'interactions', item: 'interaction' }, ({ customer, interaction }, path) => {
    const checked = checkInteraction(interaction, now, [...path, 'interaction'])
    const id = derivedId(tenantId, 'interaction', source, checked.externalId)
    return { ...checked, id, source, customer: owner(customer, [...path, 'customer']) }
  })
}
