import { describe, expect, it } from 'vitest'
import { checkPassword, hashPassword } from './password.ts'

describe('a password', () => {
  it('is kept as argon2id with 19 MiB, 2 passes and a salt of its own', async () => {
    const [one, other] = [await hashPassword('correct horse'), await hashPassword('correct horse')]
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(one).not.toBe(other)
  })

  it('is recognised, and no other, not even one that differs in case, space or Unicode form', async () => {
    const hash = await hashPassword('Grüße 1234')
    expect(await checkPassword(hash, 'Grüße 1234')).toBe(true)
    for (const wrong of ['', 'grüße 1234', 'Grüße 1234 ', 'Gru\u0308ße 1234', 'Grüße 1234\u0000']) {
      expect(await checkPassword(hash, wrong), wrong).toBe(false)
    }
  })

  it('of nobody is never right, though the same work is done for it', async () => {
    expect(await checkPassword(null, 'nobody has this password')).toBe(false)
  })
})
