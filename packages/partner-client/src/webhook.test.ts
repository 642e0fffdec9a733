import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { verifyWebhook } from './webhook.ts'

const secret = `whsec_${Buffer.from('a secret of thirty-two bytes, or').toString('base64')}`
const other = `whsec_${Buffer.from('another one of thirty-two bytes.').toString('base64')}`
const body = JSON.stringify({
  type: 'insight.changed',
  timestamp: '2026-11-21T12:00:00Z',
  data: { metric: 'CHURN_RISK', name: 'Zoë' },
})
const now = new Date('2026-11-21T12:00:00Z')

function signed(text = body, by = secret) {
  return {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(now.getTime() / 1_000),
    'webhook-signature': new Webhook(by).sign('msg_1', now, text),
  }
}

beforeEach(() => void vi.useFakeTimers({ now, toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())
const refused = expect.objectContaining({ code: 'WEBHOOK_INVALID' })

describe('a webhook', () => {
  it('is told with its id, however headers and body come', () => {
    const headers = signed()
    const message = { ...(JSON.parse(body) as object), id: 'msg_1' }
    expect(verifyWebhook(headers, body, secret)).toEqual(message)
    expect(verifyWebhook(new Headers(headers), Buffer.from(body), secret)).toEqual(message)
    const shouted = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), [value]]))
    expect(verifyWebhook(shouted, new TextEncoder().encode(body), secret)).toEqual(message)
  })

  it('holds while its secret is changed', () => {
    expect(verifyWebhook(signed(), body, [other, secret]).id).toBe('msg_1')
    const both = { ...signed(), 'webhook-signature': `v1,AAAA v9,x ${new Webhook(other).sign('msg_1', now, body)}` }
    expect(verifyWebhook(both, body, other).id).toBe('msg_1')
  })

  it.each<[string, () => unknown]>([
    ['another secret', () => verifyWebhook(signed(), body, other)],
    ['no secret', () => verifyWebhook(signed(), body, [])],
    ['a changed body', () => verifyWebhook(signed(), body.replace('CHURN', 'churn'), secret)],
    ['a changed id', () => verifyWebhook({ ...signed(), 'webhook-id': 'msg_2' }, body, secret)],
    ['no signature', () => verifyWebhook({ ...signed(), 'webhook-signature': undefined }, body, secret)],
    ['half a signature', () => verifyWebhook({ ...signed(), 'webhook-signature': 'v1' }, body, secret)],
    ['no headers', () => verifyWebhook({}, body, secret)],
    ['a body that is no text', () => verifyWebhook(signed(), Uint8Array.of(0xff, 0xfe), secret)],
    ['a body that is no object', () => verifyWebhook(signed('1'), '1', secret)],
  ])('is refused with %s', (_, verify) => {
    expect(verify).toThrow(refused)
  })

  it.each([301, -301])('is refused when it is %i seconds old', (seconds) => {
    const headers = signed()
    vi.setSystemTime(now.getTime() + Math.sign(seconds) * 299_000)
    expect(verifyWebhook(headers, body, secret).id).toBe('msg_1')
    vi.setSystemTime(now.getTime() + seconds * 1_000)
    expect(() => verifyWebhook(headers, body, secret)).toThrow(refused)
  })
})
