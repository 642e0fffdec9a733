import type { FormattedExecutionResult } from 'graphql'
import type { Run } from './run.ts'
import type { RequestContext } from './stock.ts'

// A symbol of this module: it is copied with the answer where several wait for one, and no subgraph can send it.
const cacheControl = Symbol('cacheControl')

type Kept = { [cacheControl]?: string | undefined }
type Policy = RequestContext['overallCachePolicy']

/** Keeps beside an answer what its subgraph says of keeping it: its header `cache-control`. */
export function withCacheControl(result: FormattedExecutionResult, header: string | undefined) {
  return Object.assign(result, { [cacheControl]: header })
}

/** Asks, and restricts the policy of the whole answer to what each subgraph allows of its part. */
export const heedCacheControl =
  (ask: Run['ask'], policy: Policy): Run['ask'] =>
  async (node, operation) => {
    try {
      const result = await ask(node, operation)
      policy.restrict(allowedBy(result))
      return result
    } catch (error) {
      policy.restrict(never)
      throw error
    }
  }

/** What the client is told: the most restrictive of all; an answer with errors is not to be kept. */
export function cacheControlOf(policy: Policy, hasErrors: boolean): string {
  const cacheable = hasErrors ? null : policy.policyIfCacheable()
  return cacheable ? `max-age=${cacheable.maxAge}, ${cacheable.scope.toLowerCase()}` : 'no-store'
}

type Hint = Parameters<Policy['restrict']>[0]

const never: Hint = { maxAge: 0 }

/** Nothing, where a subgraph says nothing, fails in part, or says what cannot be understood. */
function allowedBy(result: FormattedExecutionResult): Hint {
  const header = (result as Kept)[cacheControl]
  if (!header || result.errors?.length) return never
  const directives = new Map(header.toLowerCase().split(',').map(directive))
  if (directives.has('no-store') || directives.has('no-cache')) return never
  const isPrivate = directives.has('private')
  // A gateway is a shared cache, as long as what it holds is for everybody.
  const age = (isPrivate ? undefined : directives.get('s-maxage')) ?? directives.get('max-age')
  if (age === undefined || !/^\d{1,10}$/.test(age)) return never
  return { maxAge: Number(age), ...(isPrivate && { scope: 'PRIVATE' as const }) }
}

function directive(text: string): [string, string | undefined] {
  const [name = '', value] = text.split('=', 2)
  return [name.trim(), value?.trim().replaceAll('"', '')]
}
