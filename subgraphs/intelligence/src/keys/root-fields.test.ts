import { getOperationAST, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { rootFields } from './root-fields.ts'

function fieldsOf(query: string): readonly string[] {
  const document = parse(query)
  const operation = getOperationAST(document)
  return operation ? rootFields(document, operation) : []
}

describe('the root fields of an operation', () => {
  it('are named as in the schema, each once, in fragments too', () => {
    expect(
      fieldsOf(
        '{ a: one { x } b: one { y } ... { two } ...F } fragment F on Query { three ...G } fragment G on Query { one }',
      ),
    ).toEqual(['one', 'two', 'three'])
  })

  it('end, where fragments spread each other, or are not there', () => {
    expect(fieldsOf('{ ...F ...Missing } fragment F on Query { one ...G } fragment G on Query { ...F two }')).toEqual([
      'one',
      'two',
    ])
  })
})
