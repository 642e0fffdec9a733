import { buildSchema, GraphQLError, parse, specifiedRules, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import { refuseBeyond } from './document-limits.ts'

const schema = buildSchema('type Query { a: Query b(n: Int): Query c: Int }')
const limits = { depth: 4, aliases: 3, directives: 3, tokens: 60 }

/** Why a document is refused. */
function refused(document: string): unknown[] {
  const { validationRules, parseOptions } = refuseBeyond(limits)
  try {
    const errors = validate(schema, parse(document, parseOptions), [...specifiedRules, ...validationRules])
    expect(errors.every((error) => error instanceof GraphQLError && error.extensions['code'])).toBe(true)
    return errors.map(({ extensions }) => extensions['reason'])
  } catch (error) {
    return [(error as Error).message.includes('tokens') ? 'TOKENS' : error]
  }
}

const nested = (levels: number): string => (levels === 1 ? '{ c }' : `{ a ${nested(levels - 1)} }`)

describe('a document', () => {
  it.each([
    ['as deep as may be', nested(4), []],
    ['a level deeper', nested(5), ['DEPTH_LIMIT']],
    ['deeper by a fragment', 'query { a { ...F } } fragment F on Query { a { a { a { c } } } }', ['DEPTH_LIMIT']],
    ['deep by inline fragments alone', '{ a { ... { ... { ... { a { c } } } } } }', []],
    ['with as many aliases as may be', '{ x: c y: c z: c }', []],
    ['with an alias more', '{ x: c y: c z: c w: c }', ['ALIASES_LIMIT']],
    [
      'whose aliases are in a fragment used twice',
      '{ a { ...F } b { ...F } } fragment F on Query { x: c y: c }',
      ['ALIASES_LIMIT'],
    ],
    ['with directives', '{ c @skip(if: false) a { c @skip(if: false) @include(if: true) } }', []],
    [
      'with a directive more',
      '{ c @skip(if: false) a @skip(if: false) { c @skip(if: false) @include(if: true) } }',
      ['DIRECTIVES_LIMIT'],
    ],
    ['of too many tokens', `{ ${'c '.repeat(60)} }`, ['TOKENS']],
  ])('%s', (_, document, expected) => {
    expect(refused(document)).toEqual(expected)
  })

  it('is looked through once, however its fragments nest', () => {
    const bomb = Array.from(
      { length: 25 },
      (_, k) => `fragment F${k} on Query { a { ...F${k + 1} } b { ...F${k + 1} } }`,
    )
    const document = `{ ...F0 } ${bomb.join(' ')} fragment F25 on Query { c }`
    const { validationRules } = refuseBeyond({ ...limits, tokens: 10_000 })
    const errors = validate(schema, parse(document), validationRules)
    expect(errors.map(({ extensions }) => extensions['reason'])).toContain('DEPTH_LIMIT')
  })
})
