import type { DirectiveNode, DocumentNode } from 'graphql'
import { Kind, visit } from 'graphql'
import type { Variables } from './arguments.ts'
import type { Includes } from './compile.ts'

/** Beyond so many, every conditional selection counts as asked for. */
const mostConditions = 6

/** The variables that decide with `@skip` and `@include` what a document selects. */
export function conditionalVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>()
  visit(document, {
    Directive(directive) {
      const value = conditionOf(directive)
      if (value?.kind === Kind.VARIABLE) names.add(value.name.value)
    },
  })
  return names.size > mostConditions ? [] : [...names]
}

/** What is in, for values of the variables that were found to decide. */
export function includesBy(conditions: readonly string[], variables: Variables): Includes {
  return ({ directives = [] }) =>
    directives.every((directive) => {
      const value = conditionOf(directive)
      if (!value || (value.kind === Kind.VARIABLE && !conditions.includes(value.name.value))) return true
      const isTrue = value.kind === Kind.VARIABLE ? variables[value.name.value] === true : isLiterallyTrue(value)
      return isTrue === (directive.name.value === 'include')
    })
}

const isLiterallyTrue = (value: { kind: Kind; value?: unknown }): boolean =>
  value.kind === Kind.BOOLEAN && value.value === true

function conditionOf({ name, arguments: given }: DirectiveNode) {
  if (name.value !== 'skip' && name.value !== 'include') return undefined
  return given?.find((argument) => argument.name.value === 'if')?.value
}
