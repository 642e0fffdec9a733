import { describe, expect, it } from 'vitest'
import { UserErrors } from '@quimbi/service/errors.ts'
import { contentOf, followUpSubject, outboundContentOf, subjectOf } from './content.ts'

const codeOf = (run: () => unknown): string | undefined => {
  try {
    run()
    return undefined
  } catch (error) {
    return error instanceof UserErrors ? error.errors[0]?.code : String(error)
  }
}

describe('what may be said', () => {
  it('has at most 50,000 characters, and 1,600 by SMS', () => {
    expect(contentOf('x'.repeat(50_000))).toHaveLength(50_000)
    expect(codeOf(() => contentOf('x'.repeat(50_001)))).toBe('TOO_LONG')
    expect(outboundContentOf('x'.repeat(1_600), 'SMS')).toHaveLength(1_600)
    expect(codeOf(() => outboundContentOf('x'.repeat(1_601), 'SMS'))).toBe('TOO_LONG')
    expect(outboundContentOf('x'.repeat(1_601), 'EMAIL')).toHaveLength(1_601)
  })

  it('is neither empty nor full of control characters', () => {
    expect(codeOf(() => contentOf(' \n '))).toBe('REQUIRED')
    expect(codeOf(() => contentOf('a\u0000b'))).toBe('INVALID')
    expect(codeOf(() => contentOf('a\u001bb'))).toBe('INVALID')
  })

  it('is whole characters: half of one is replaced, since an event could not hold it', () => {
    expect(contentOf('a\ud83d b')).toBe('a\ufffd b')
  })
})

describe('a subject', () => {
  it('of a message without one is its first line, cut at a hundred characters', () => {
    expect(subjectOf('\n Hello  \nthere')).toBe('Hello')
    expect(subjectOf('x'.repeat(200))).toBe(`${'x'.repeat(99)}…`)
    expect(subjectOf(`${'x'.repeat(98)}😀😀`).isWellFormed()).toBe(true)
  })

  it('of a follow-up says Re: once, within its limit', () => {
    expect(followUpSubject('Late')).toBe('Re: Late')
    expect(followUpSubject('RE: Late')).toBe('RE: Late')
    expect(followUpSubject('x'.repeat(300))).toHaveLength(300)
  })
})
