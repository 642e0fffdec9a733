import { refuse } from '@quimbi/service/errors.ts'

/** A conversation's revision as clients hold it. */
export const encodeRevision = (revision: number): string => `r${revision}`

/** The revision back; INVALID for anything that `encodeRevision` did not write. */
export function decodeRevision(value: string, path: string[] = ['input', 'expectedRevision']): number {
  if (/^r(0|[1-9]\d{0,8})$/.test(value)) return Number(value.slice(1))
  return refuse('INVALID', `${path.at(-1)} is no revision of a conversation.`, path)
}

/** Refuses with CONVERSATION_ADVANCED if the conversation is not where the caller last saw it. To be asked with the ticket locked. */
export function expectRevision(
  { revision }: { revision: number },
  expected: string | null | undefined,
  path: string[] = ['input', 'expectedRevision'],
): void {
  if (expected === null || expected === undefined) return
  if (decodeRevision(expected, path) !== revision)
    refuse('CONVERSATION_ADVANCED', 'The conversation went on since you last looked.', path)
}
