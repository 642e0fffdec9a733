import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { isGenuine } from './webhook-sample.ts'

const secret = `whsec_${Buffer.from('a secret of thirty-two bytes, yes').toString('base64')}`
const body = '{"type":"insight.changed"}'
const signed = (at = new Date()) => ({
  'webhook-id': 'm-1',
  'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
  'webhook-signature': new Webhook(secret).sign('m-1', at, body),
})

describe('the verification that the guide shows', () => {
  it('takes what was signed with the secret, beside other signatures too', () => {
    const headers = signed()
    expect(isGenuine(headers, body, secret)).toBe(true)
    const both = { ...headers, 'webhook-signature': `v1,bm90IGl0 v1a,x ${headers['webhook-signature']}` }
    expect(isGenuine(both, body, secret)).toBe(true)
  })

  it('refuses all else', () => {
    const other = `whsec_${Buffer.from('another secret').toString('base64')}`
    expect(isGenuine(signed(), `${body} `, secret)).toBe(false)
    expect(isGenuine(signed(), body, other)).toBe(false)
    expect(isGenuine({ ...signed(), 'webhook-id': 'm-2' }, body, secret)).toBe(false)
    expect(isGenuine(signed(new Date(Date.now() - 600_000)), body, secret)).toBe(false)
    expect(isGenuine({ ...signed(), 'webhook-timestamp': 'now' }, body, secret)).toBe(false)
    expect(isGenuine({}, body, secret)).toBe(false)
  })
})
