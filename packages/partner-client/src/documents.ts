import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { Kind, OperationTypeNode, parse, print, visit, type DocumentNode } from 'graphql'
import { PartnerError } from './errors.ts'

/** What may be tried again after an answer was lost: `once` neither costs nor changes anything twice. */
export type Repeat = 'freely' | 'once'
export type Operation = { text: string; repeat: Repeat }

/** Fields that have a text written, which costs money each time. */
export const generatingFields: ReadonlySet<string> = new Set([
  'explainBehavior',
  'generateCampaign',
  'generateMessage',
  'suggestActions',
  'summarizeCustomer',
  'summary',
])
/** Mutations that may be repeated: the same input changes nothing more. */
export const idempotentMutations: ReadonlySet<string> = new Set([
  'eraseCustomerInsight',
  'ingestEvents',
  'ingestInteractions',
  'ingestOrders',
  'syncCustomer',
])

const known = new WeakMap<DocumentNode, Operation>()

/** How a document is sent, and whether it may be sent again. */
export function operationOf(document: string | DocumentNode | TypedDocumentNode<unknown, never>): Operation {
  if (typeof document === 'string') return describe(parseText(document), document)
  const operation = known.get(document) ?? describe(document, print(document))
  known.set(document, operation)
  return operation
}

function describe(document: DocumentNode, text: string): Operation {
  let repeat: Repeat = 'freely'
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue
    if (definition.operation === OperationTypeNode.SUBSCRIPTION)
      throw new PartnerError('INVALID_ARGUMENT', 'A subscription is no request: see insightChanged.')
    if (definition.operation !== OperationTypeNode.MUTATION) continue
    for (const selection of definition.selectionSet.selections)
      if (selection.kind !== Kind.FIELD || !idempotentMutations.has(selection.name.value)) repeat = 'once'
  }
  visit(document, { Field: ({ name }) => void (generatingFields.has(name.value) && (repeat = 'once')) })
  return { text, repeat }
}

function parseText(text: string): DocumentNode {
  try {
    return parse(text, { noLocation: true })
  } catch (error) {
    throw new PartnerError('INVALID_ARGUMENT', error instanceof Error ? error.message : 'This is no GraphQL document.')
  }
}
