import type { FormattedExecutionResult } from 'graphql'

const known = new WeakMap<FormattedExecutionResult, Buffer>()

/** A result as JSON in UTF-8. One that many subscribers are told is written once, as long as it is the same object: never change one that was told. */
export function textOf(result: FormattedExecutionResult): Buffer {
  const text = known.get(result) ?? Buffer.from(JSON.stringify(result))
  known.set(result, text)
  return text
}
