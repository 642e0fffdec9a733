import { isEnumType, isSpecifiedScalarType, type GraphQLNamedType } from 'graphql'

/** Whether a value may stand where the API schema has a scalar or an enum; a hidden enum value may not. */
export function leafCheck(type: GraphQLNamedType): (value: unknown) => boolean {
  if (isEnumType(type)) {
    const names = new Set<unknown>(type.getValues().map(({ name }) => name))
    return (value) => names.has(value)
  }
  if (!isSpecifiedScalarType(type)) return () => true
  const isString = (value: unknown) => typeof value === 'string'
  const checks: Record<string, (value: unknown) => boolean> = {
    Boolean: (value) => typeof value === 'boolean',
    Int: Number.isSafeInteger,
    Float: Number.isFinite,
    ID: (value) => isString(value) || Number.isSafeInteger(value),
    String: isString,
  }
  return checks[type.name] ?? isString
}
