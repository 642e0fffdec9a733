import { GraphQLError } from 'graphql'

/** Why an expected failure happened; clients switch on it. */
export type UserErrorCode =
  | 'NOT_FOUND'
  | 'FORBIDDEN'
  | 'INVALID'
  | 'REQUIRED'
  | 'TOO_LONG'
  | 'CONFLICT'
  | 'CONVERSATION_ADVANCED'
  | 'ALREADY_EXISTS'
  | 'INVALID_TRANSITION'
  | 'OVER_CAPACITY'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'LIMIT_EXCEEDED'

/** An expected failure as data; `path` names the input field, null when it is about the whole. */
export type UserError = { message: string; code: UserErrorCode; path: string[] | null }

/** Thrown by services for expected failures; `payload` turns it into `userErrors`. */
export class UserErrors extends Error {
  readonly errors: UserError[]

  constructor(errors: UserError[]) {
    super(errors.map((error) => error.message).join(' '))
    this.name = 'UserErrors'
    this.errors = errors
  }
}

/** Why work is called off whose client has left: no failure of anybody's. */
export class ClientLeft extends Error {
  constructor() {
    super('The client has left')
    this.name = 'ClientLeft'
  }
}

/** Refuses an operation for one expected reason. */
export function refuse(code: UserErrorCode, message: string, path?: string[]): never {
  throw new UserErrors([{ code, message, path: path ?? null }])
}

/** The expected failures in what was thrown; anything else is thrown on. */
export function userErrorsOf(error: unknown): UserError[] {
  if (error instanceof UserErrors) return error.errors
  throw error
}

/**
 * Runs a mutation and shapes its payload: `{ ...result, userErrors: [] }`, or `{ ...refused, userErrors }` where missing
 * fields resolve to null. `refused` supplies the fields of the payload that may not be null, such as empty lists.
 */
export async function payload<T extends object, R extends object = Record<never, never>>(
  run: () => Promise<T> | T,
  refused?: R,
): Promise<
  | (T & { userErrors: UserError[] })
  | (R & Partial<Record<Exclude<keyof T, keyof R>, never>> & { userErrors: UserError[] })
> {
  try {
    return { ...(await run()), userErrors: [] }
  } catch (error) {
    return { ...(refused as R), userErrors: userErrorsOf(error) }
  }
}

/** Codes of errors that are not data. Apollo adds its own for parsing and validation. */
export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'NOT_FOUND'
  | 'THROTTLED'
  | 'RESYNC_REQUIRED'
  | 'SUBGRAPH_UNAVAILABLE'
  | 'INTERNAL_SERVER_ERROR'

export type ErrorDetails = {
  /** The same request may succeed later. */
  retryable?: boolean
  retryAfterMs?: number
  /** A finer code in capitals, for programs. */
  reason?: string
}

/** An error whose code and message the client may see. */
export function codedError(code: ErrorCode, message: string, details: ErrorDetails = {}): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...details } })
}
