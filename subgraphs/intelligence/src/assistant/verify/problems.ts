/** Why a text must not be shown. */
export const problemCodes = [
  'EMPTY',
  'TOO_LONG',
  'PLACEHOLDER',
  'MARKUP',
  'CHARACTERS',
  'LANGUAGE',
  'SECRET',
  'LINK',
  'INTERNAL',
  'ECHO',
  'UNKNOWN_RECORD',
  'UNCITED',
  'INVENTED',
  'PROMISE',
  'DEED',
] as const
export type ProblemCode = (typeof problemCodes)[number]

/** `sentence` as it was written; `detail`: the words that are wrong. Both may be personal: they are for tests, not for logs. */
export type Problem = { code: ProblemCode; sentence: string; detail: string }

/** What a rule finds in one sentence. */
export type Finding = Omit<Problem, 'sentence'>
