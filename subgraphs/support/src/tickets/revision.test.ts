import { UserErrors } from '@quimbi/service/errors.ts'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeRevision, encodeRevision, expectRevision } from './revision.ts'

const codeOf = (run: () => unknown): string | null => {
  try {
    run()
    return null
  } catch (error) {
    if (!(error instanceof UserErrors)) throw error
    return error.errors[0]?.code ?? null
  }
}

it('a revision comes back as it was', () => {
  fc.assert(fc.property(fc.nat(999_999_999), (n) => decodeRevision(encodeRevision(n)) === n))
})

it.each(['', 'r', '12', 'r-1', 'r01', 'R1', 'r1 ', 'r1.0', 'r1e3', 'r9999999999', "r1'; --"])(
  '%j is no revision',
  (value) => {
    expect(codeOf(() => decodeRevision(value))).toBe('INVALID')
  },
)

it('only the revision that was last seen passes, and none passes always', () => {
  expect(codeOf(() => expectRevision({ revision: 3 }, 'r3'))).toBeNull()
  expect(codeOf(() => expectRevision({ revision: 3 }, null))).toBeNull()
  expect(codeOf(() => expectRevision({ revision: 3 }, undefined))).toBeNull()
  expect(codeOf(() => expectRevision({ revision: 3 }, 'r2'))).toBe('CONVERSATION_ADVANCED')
  expect(codeOf(() => expectRevision({ revision: 3 }, 'r4'))).toBe('CONVERSATION_ADVANCED')
})
