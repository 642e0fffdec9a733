import { describe, expect, it } from 'vitest'
import { createLoginLimiter } from './rate-limit.ts'

const mia = { tenant: 't', email: 'mia@shop.example', address: '10.0.0.1' }

describe('the login limiter', () => {
  it('refuses an account after too many attempts and says when to return', async () => {
    const limiter = createLoginLimiter({ perAccount: 2 })
    expect(await limiter.attempt(mia)).toEqual({ allowed: true, retryAfterMs: 0 })
    await limiter.attempt({ ...mia, address: '10.0.0.2', email: 'MIA@shop.example' })
    const refused = await limiter.attempt({ ...mia, address: '10.0.0.3' })
    expect(refused.allowed).toBe(false)
    expect(refused.retryAfterMs).toBeGreaterThan(0)
    expect(await limiter.attempt({ ...mia, tenant: 'other' })).toMatchObject({ allowed: true })
  })

  it('refuses an address that tries many accounts, and success there buys only its own attempt back', async () => {
    const limiter = createLoginLimiter({ perAddress: 3 })
    for (const email of ['a', 'b', 'c']) await limiter.attempt({ ...mia, email })
    await limiter.succeeded({ ...mia, email: 'c' })
    expect(await limiter.attempt({ ...mia, email: 'd' })).toMatchObject({ allowed: true })
    expect(await limiter.attempt({ ...mia, email: 'e' })).toMatchObject({ allowed: false })
    expect(await limiter.attempt({ ...mia, address: '10.0.0.9', email: 'e' })).toMatchObject({ allowed: true })
  })

  it.each([
    ['2001:db8::1', '2001:db8::ffff', false],
    ['2001:db8:0:0:1:2:3:4', '2001:db8::9', false],
    ['2001:db8:0:1::1', '2001:db8::1', true],
    ['::ffff:10.0.0.1', '10.0.0.1', false],
  ])('takes %s and %s for one address when they belong to one customer', async (one, two, allowed) => {
    const limiter = createLoginLimiter({ perAddress: 1 })
    await limiter.attempt({ ...mia, address: one })
    expect(await limiter.attempt({ ...mia, address: two })).toMatchObject({ allowed })
  })

  it('starts an account afresh after a success', async () => {
    const limiter = createLoginLimiter({ perAccount: 1 })
    await limiter.attempt(mia)
    await limiter.succeeded(mia)
    expect(await limiter.attempt(mia)).toMatchObject({ allowed: true })
  })
})
