import {
  isListType,
  isNonNullType,
  isObjectType,
  getNullableType,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql'
import type { UserErrorCode } from '../../../graph/generated/schema.ts'

/** Refused as data, as the server does it. */
export const refusal = (code: UserErrorCode, message: string, path: string[] | null = null) => ({
  userErrors: [{ code, message, path }],
})

/** Every mutation of the contract that the demo has not: its payload, refusing. */
export function refusedMutations(schema: GraphQLSchema): Record<string, () => object> {
  const fields = Object.values(schema.getMutationType()?.getFields() ?? {})
  return Object.fromEntries(fields.map((field) => [field.name, () => ({ ...emptyOf(field), ...told })]))
}

const told = refusal('FORBIDDEN', 'The local demo cannot do this; on a server it works.')

/** What may not be null in the payload is empty. */
function emptyOf({ type }: GraphQLField<unknown, unknown>): Record<string, unknown> {
  const payload = getNullableType(type)
  if (!isObjectType(payload)) return {}
  const needed = Object.values(payload.getFields()).filter((field) => isNonNullType(field.type))
  return Object.fromEntries(needed.map((field) => [field.name, isListType(getNullableType(field.type)) ? [] : 0]))
}
