import { GraphQLError } from 'graphql'
import { describe, expect, it } from 'vitest'
import { codedError, payload, refuse, userErrorsOf } from './errors.ts'

describe('payload', () => {
  it('adds no user errors to a result', async () => {
    expect(await payload(async () => ({ ticket: { id: '1' } }))).toEqual({ ticket: { id: '1' }, userErrors: [] })
  })

  it('turns a refusal into user errors and leaves the rest null', async () => {
    const refused = await payload(async () => refuse('TOO_LONG', 'Subject is too long.', ['input', 'subject']))
    expect(refused).toEqual({
      userErrors: [{ code: 'TOO_LONG', message: 'Subject is too long.', path: ['input', 'subject'] }],
    })
  })

  it('fills the fields that may not be null when refused', async () => {
    const refused = await payload(() => refuse('CONFLICT', 'Changed meanwhile.'), { results: [] })
    expect(refused).toEqual({
      results: [],
      userErrors: [{ code: 'CONFLICT', message: 'Changed meanwhile.', path: null }],
    })
  })

  it('lets anything unexpected through', async () => {
    await expect(payload(() => Promise.reject(new TypeError('bug')))).rejects.toThrow(TypeError)
    expect(() => userErrorsOf(codedError('FORBIDDEN', 'no'))).toThrow(GraphQLError)
  })
})
