import type { ErrorCode, UserErrorCode } from '@quimbi/service/errors.ts'
import { isEnumType } from 'graphql'
import { mostBodyMiB } from '../../limits.ts'
import type { Chapter } from '../blocks.ts'
import type { GuideFacts } from './facts.ts'

type Meaning = readonly [meaning: string, remedy: string]

/** The same codes as the services throw: a code without a meaning is an error of types. */
const meanings: Record<ErrorCode, Meaning> = {
  UNAUTHENTICATED: ['The key is missing (`KEY_MISSING`), unknown or has ended (`KEY_INVALID`).', 'Send a valid key.'],
  FORBIDDEN: ['The key lacks the scope.', 'Ask the business for a key that has it.'],
  BAD_USER_INPUT: [
    'A value is not acceptable; the message says which.',
    'Correct it; the same request never succeeds.',
  ],
  NOT_FOUND: ['The thing named does not exist in this business.', 'Check the id.'],
  THROTTLED: ['Too much in a short time.', 'Wait `retryAfterMs`, then send it again.'],
  RESYNC_REQUIRED: [
    'A cursor is older than what is kept, or of another log.',
    'Read the present state, then follow from now on.',
  ],
  SUBGRAPH_UNAVAILABLE: ['A part of the service is away.', 'Try again after `retryAfterMs`.'],
  INTERNAL_SERVER_ERROR: ['A failure of ours.', 'Try again later; tell us the `requestId`.'],
}

const ofDocuments: Record<string, Meaning> = {
  GRAPHQL_PARSE_FAILED: ['The document is no GraphQL, or has over 4,000 tokens.', 'Correct or split the document.'],
  GRAPHQL_VALIDATION_FAILED: [
    'The document does not fit the schema, or is too deep, too wide or too dear: reason `DEPTH_LIMIT`, `ALIASES_LIMIT`, `DIRECTIVES_LIMIT` or `COST_LIMIT`.',
    'Validate against the schema; ask for less at a time.',
  ],
  OPERATION_RESOLUTION_FAILURE: ['`operationName` names no operation of the document.', 'Name one that is there.'],
  BAD_REQUEST: ['The HTTP request is not a GraphQL request.', 'POST JSON with a `query`.'],
  PAYLOAD_TOO_LARGE: [`The body is above ${mostBodyMiB} MiB.`, 'Send fewer items a call.'],
  UNSUPPORTED_MEDIA_TYPE: ['The body is no JSON.', 'Send `content-type: application/json`.'],
}

const remedies: Record<UserErrorCode, string> = {
  NOT_FOUND: 'Check the id.',
  FORBIDDEN: 'Use a key with the scope.',
  INVALID: 'Correct the value at `path`.',
  REQUIRED: 'Give the value at `path`.',
  TOO_LONG: 'Shorten the value at `path`.',
  CONFLICT: 'Read what is there, then decide.',
  CONVERSATION_ADVANCED: 'Read the newest messages first.',
  ALREADY_EXISTS: 'Use the one that is there.',
  INVALID_TRANSITION: 'Read its state.',
  OVER_CAPACITY: 'Try again later, or elsewhere.',
  IDEMPOTENCY_KEY_REUSED: 'Take a new key for a new input.',
  LIMIT_EXCEEDED: 'Send fewer items, or remove what is not needed.',
}

export function errors({ schema }: GuideFacts): Chapter {
  const type = schema.getType('UserErrorCode')
  const values = isEnumType(type) ? type.getValues() : []
  const rows = [...Object.entries(meanings), ...Object.entries(ofDocuments)]
  return {
    id: 'errors',
    title: 'Errors',
    blocks: [
      'What a caller can put right in a mutation comes as data: `userErrors`, each with a `code`, a `message` and the `path` of the input. In a batch the path holds the item’s index, and other items are taken if you asked for `SKIP_FAILED`. Everything else is a GraphQL error with `extensions.code`. Match on codes; messages may change.',
      {
        title: 'A GraphQL error',
        language: 'json',
        code: JSON.stringify(
          {
            errors: [
              {
                message: 'Too much was asked in a short time. Come again in 3 s.',
                extensions: {
                  code: 'THROTTLED',
                  reason: 'RATE_LIMIT',
                  retryable: true,
                  retryAfterMs: 2_410,
                  requestId: 'd0c7f2b1-…',
                },
              },
            ],
          },
          null,
          2,
        ),
      },
      { heading: 'Codes of errors', id: 'error-codes' },
      {
        caption: 'extensions.code',
        columns: ['Code', 'Meaning', 'What to do'],
        rows: rows.map(([code, [meaning, remedy]]) => [`\`${code}\``, meaning, remedy]),
      },
      { heading: 'Codes of userErrors', id: 'user-error-codes' },
      {
        caption: 'userErrors { code }',
        columns: ['Code', 'Meaning', 'What to do'],
        rows: values.map(({ name, description }) => [
          `\`${name}\``,
          description ?? '',
          remedies[name as UserErrorCode] ?? '',
        ]),
      },
    ],
  }
}
