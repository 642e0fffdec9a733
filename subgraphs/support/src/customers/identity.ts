import { customerIdOf, newId } from '@quimbi/database/ids.ts'
import { refuse } from '@quimbi/service/errors.ts'
import type { Ref } from './refs.ts'

/** Who a set of references belongs to so far. */
export type Owner = { customerId: string; named: boolean }

/**
 * Whose record this is. Pure: `owners` are those of the references, in their order. A named customer wins; placeholders
 * (only seen so far) are absorbed. Two named ones contradict each other: CONFLICT. Nobody: the id that either service
 * would derive from the first reference, or a new one without references.
 */
export function identify(
  tenantId: string,
  refs: readonly Ref[],
  owners: readonly Owner[],
  path: string[],
): { id: string; known: boolean; named: boolean; absorb: string[] } {
  const named = [...new Set(owners.filter((owner) => owner.named).map((owner) => owner.customerId))]
  if (named.length > 1) refuse('CONFLICT', 'These external references belong to two different customers.', path)
  const all = [...new Set(owners.map((owner) => owner.customerId))]
  const [first] = refs
  const known = named[0] ?? all[0]
  const id = known ?? (first ? customerIdOf(tenantId, first.source, first.externalId) : newId())
  return { id, known: known !== undefined, named: named.length === 1, absorb: all.filter((other) => other !== id) }
}
