import { HeaderMap } from '@apollo/server'
import { GraphQLError } from 'graphql'

/** Too much was asked: THROTTLED, over HTTP 429 with `retry-after` in whole seconds. */
export function throttled(reason: string, retryAfterMs: number): GraphQLError {
  const seconds = Math.ceil(retryAfterMs / 1_000)
  return new GraphQLError(`Too much was asked in a short time. Come again in ${seconds} s.`, {
    extensions: {
      code: 'THROTTLED',
      reason,
      retryable: true,
      retryAfterMs,
      http: { status: 429, headers: new HeaderMap([['retry-after', String(seconds)]]) },
    },
  })
}
