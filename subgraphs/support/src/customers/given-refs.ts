import { refuse } from '@quimbi/service/errors.ts'
import { text } from '../common/text.ts'
import { refKey, type Ref } from './refs.ts'

/** A reference as a caller gives it. */
export type GivenRef = { source: string; id: string }

/** Checks one reference. Pure. */
export const checkRef = ({ source, id }: GivenRef, path: string[]): Ref => ({
  source: text(source, { path, max: 100 }),
  externalId: text(id, { path, max: 200 }),
})

/** Checks references, at most `max`, and drops repeats. Pure. */
export function distinctRefs(refs: readonly GivenRef[], { path, max }: { path: string[]; max: number }): Ref[] {
  if (refs.length > max) refuse('LIMIT_EXCEEDED', `At most ${max.toLocaleString('en')} external references.`, path)
  return [...new Map(refs.map((ref) => checkRef(ref, path)).map((ref) => [refKey(ref), ref])).values()]
}
