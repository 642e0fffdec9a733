import { describe, expect, it } from 'vitest'
import { fixedClock } from './clock.ts'
import { memoryNonces } from './nonces.ts'
import { generateSecrets } from './secrets.ts'
import { parseServiceKeys } from './service-keys.ts'
import type { SignableRequest } from './signing.ts'
import { claimsSignature, createSignatureVerifier, createSigner } from './signing.ts'

const keys = parseServiceKeys(generateSecrets().SERVICE_KEYS)
const request = {
  method: 'POST',
  path: '/graphql?x=1',
  body: '{"query":"{ a }"}',
  headers: { authorization: 'Bearer one', 'x-api-key': 'k', 'x-request-id': 'request-1', 'x-quimbi-tenant': 't' },
}

function setUp() {
  const clock = fixedClock('2026-03-01T12:00:00.000Z')
  const verifier = createSignatureVerifier({ keys, nonces: memoryNonces({ clock }), clock })
  return { clock, verifier, signer: createSigner(keys, 'gateway', clock) }
}

function signed(signer = setUp().signer): SignableRequest & { headers: Record<string, string> } {
  return { ...request, headers: { ...request.headers, ...signer.sign(request) } }
}

function refusal(reason: string) {
  return { message: 'The request signature was refused', extensions: { code: 'UNAUTHENTICATED', reason } }
}

describe('a signed request', () => {
  it('tells which service signed it, whether the body is text or bytes', async () => {
    const { verifier, signer } = setUp()
    expect(await verifier.verify(signed(signer))).toEqual({ service: 'gateway' })
    const bytes = { ...signed(signer), body: Buffer.from(request.body) }
    expect(await verifier.verify(bytes)).toEqual({ service: 'gateway' })
  })

  it.each([
    ['method', { method: 'GET' }],
    ['path', { path: '/graphql?x=2' }],
    ['body', { body: '{"query":"{ b }"}' }],
  ])('is refused when its %s was changed', async (_, change) => {
    const { verifier, signer } = setUp()
    await expect(verifier.verify({ ...signed(signer), ...change })).rejects.toMatchObject(refusal('SIGNATURE_MISMATCH'))
  })

  it.each(['authorization', 'x-api-key', 'x-request-id', 'x-quimbi-tenant'])(
    'is refused when its %s header was changed or taken away',
    async (name) => {
      const { verifier, signer } = setUp()
      const { headers, ...rest } = signed(signer)
      const { [name]: _, ...without } = headers
      for (const changed of [{ ...headers, [name]: 'other' }, without]) {
        await expect(verifier.verify({ ...rest, headers: changed })).rejects.toMatchObject(
          refusal('SIGNATURE_MISMATCH'),
        )
      }
    },
  )

  it.each([
    ['x-quimbi-key', 'support.1', 'SIGNATURE_MISMATCH'],
    ['x-quimbi-key', 'gateway.9', 'SIGNATURE_MISMATCH'],
    ['x-quimbi-time', '1', 'SIGNATURE_MISMATCH'],
    ['x-quimbi-time', 'soon', 'SIGNATURE_MALFORMED'],
    ['x-quimbi-nonce', 'a'.repeat(22), 'SIGNATURE_MISMATCH'],
    ['x-quimbi-nonce', 'a', 'SIGNATURE_MALFORMED'],
    ['x-quimbi-signature', 'AAAA', 'SIGNATURE_MISMATCH'],
    ['x-quimbi-signature', '', 'SIGNATURE_MALFORMED'],
  ])('is refused with another %s: "%s"', async (name, value, reason) => {
    const { verifier, signer } = setUp()
    const { headers, ...rest } = signed(signer)
    await expect(verifier.verify({ ...rest, headers: { ...headers, [name]: value } })).rejects.toMatchObject(
      refusal(reason),
    )
  })

  it('is refused the second time', async () => {
    const { verifier, signer } = setUp()
    const once = signed(signer)
    await verifier.verify(once)
    await expect(verifier.verify(once)).rejects.toMatchObject(refusal('SIGNATURE_REPLAYED'))
  })

  it('is refused by a clock more than a minute off, in either direction', async () => {
    for (const skew of [-60_001, 60_001]) {
      const { verifier, signer, clock } = setUp()
      const early = signed(signer)
      clock.advance(skew)
      await expect(verifier.verify(early)).rejects.toMatchObject(refusal('SIGNATURE_EXPIRED'))
    }
    const { verifier, signer, clock } = setUp()
    const early = signed(signer)
    clock.advance(60_000)
    await expect(verifier.verify(early)).resolves.toEqual({ service: 'gateway' })
  })

  it('cannot be replayed at any moment of its life, even when it came from the future', async () => {
    const { verifier, signer, clock } = setUp()
    const early = signed(signer)
    clock.advance(-60_000)
    await verifier.verify(early)
    for (let seconds = 0; seconds < 120; seconds += 1) {
      clock.advance(1_000)
      await expect(verifier.verify(early)).rejects.toMatchObject(refusal('SIGNATURE_REPLAYED'))
    }
    clock.advance(1)
    await expect(verifier.verify(early)).rejects.toMatchObject(refusal('SIGNATURE_EXPIRED'))
  })

  it('does not burn a nonce when the signature is wrong', async () => {
    const { verifier, signer } = setUp()
    const good = signed(signer)
    await expect(verifier.verify({ ...good, body: 'other' })).rejects.toThrow()
    await expect(verifier.verify(good)).resolves.toEqual({ service: 'gateway' })
  })

  it('is accepted from old and new keys while they rotate, and signed with the first', async () => {
    const { clock } = setUp()
    const next = parseServiceKeys(`gateway.2:${Buffer.alloc(32, 7).toString('base64')}`)
    const verifier = createSignatureVerifier({ keys: [...next, ...keys], nonces: memoryNonces({ clock }), clock })
    const fresh = signed(createSigner([...next, ...keys], 'gateway', clock))
    expect(fresh.headers['x-quimbi-key']).toBe('gateway.2')
    await expect(verifier.verify(fresh)).resolves.toEqual({ service: 'gateway' })
    await expect(verifier.verify(signed(createSigner(keys, 'gateway', clock)))).resolves.toEqual({ service: 'gateway' })
    await expect(setUp().verifier.verify(fresh)).rejects.toMatchObject(refusal('SIGNATURE_MISMATCH'))
  })

  it('is recognised by any one of its headers, so that a half-signed request is not taken for an unsigned one', () => {
    expect(claimsSignature({ 'x-quimbi-key': 'gateway.1' })).toBe(true)
    expect(claimsSignature({ authorization: 'Bearer x' })).toBe(false)
  })

  it('cannot be made without a key', () => {
    expect(() => createSigner([], 'support')).toThrow('no key of the support service')
  })
})
