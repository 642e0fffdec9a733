import type { JSONWebKeySet, JWK } from 'jose'
import { SignJWT, importJWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { authenticate } from './authenticate.ts'
import { fixedClock } from './clock.ts'
import { generateSecrets } from './secrets.ts'
import { createTokenIssuer, createTokenVerifier } from './tokens.ts'

type Keys = { privateKey: JWK & { kid: string }; publicKeys: JSONWebKeySet }

function freshKeys(): Keys {
  const { AGENT_TOKEN_PRIVATE_KEY, AGENT_TOKEN_PUBLIC_KEYS } = generateSecrets()
  return { privateKey: JSON.parse(AGENT_TOKEN_PRIVATE_KEY), publicKeys: JSON.parse(AGENT_TOKEN_PUBLIC_KEYS) }
}

const keys = freshKeys()
const agent = { agentId: 'a', sessionId: 's', tenantId: 't', role: 'MANAGER' } as const
const noon = new Date('2026-03-01T12:00:00.000Z')
const dayMs = 24 * 60 * 60 * 1000
const invalid = { extensions: { code: 'UNAUTHENTICATED', reason: 'TOKEN_INVALID' } }

describe('agent tokens', () => {
  it('name the agent, the session, the tenant and the role for 24 hours', async () => {
    const { token, expiresAt } = await createTokenIssuer(keys.privateKey).issue(agent, noon)
    expect(expiresAt).toEqual(new Date(noon.getTime() + dayMs))
    const verifier = createTokenVerifier(keys.publicKeys)
    expect(await verifier.verify(token, noon)).toEqual({ kind: 'agent', ...agent, expiresAt })
  })

  it('expire, also those that were verified before', async () => {
    const { token } = await createTokenIssuer(keys.privateKey).issue(agent, noon)
    const verifier = createTokenVerifier(keys.publicKeys)
    await verifier.verify(token, new Date(noon.getTime() + dayMs - 1))
    await expect(verifier.verify(token, new Date(noon.getTime() + dayMs))).rejects.toMatchObject({
      message: 'The access token has expired',
      extensions: { code: 'UNAUTHENTICATED', reason: 'TOKEN_EXPIRED' },
    })
  })

  it('are refused when altered, unsigned or signed by a stranger', async () => {
    const verifier = createTokenVerifier(keys.publicKeys)
    const { token } = await createTokenIssuer(keys.privateKey).issue(agent, noon)
    const [header = '', body = '', signature = ''] = token.split('.')
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString())
    const admin = Buffer.from(JSON.stringify({ ...claims, role: 'ADMIN' })).toString('base64url')
    const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')
    const stranger = freshKeys().privateKey
    const forged = await createTokenIssuer({ ...stranger, kid: keys.privateKey.kid }).issue(agent, noon)
    for (const bad of [
      `${header}.${admin}.${signature}`,
      `${none}.${body}.`,
      forged.token,
      token.slice(0, -4),
      '',
      'x',
    ]) {
      await expect(verifier.verify(bad, noon)).rejects.toMatchObject(invalid)
    }
  })

  it.each([{ iss: 'other' }, { aud: 'other' }, { role: 'OWNER' }, { tid: '' }, { exp: undefined }])(
    'are refused with claims that are not ours: %o',
    async (wrong) => {
      const exp = Math.floor(noon.getTime() / 1000) + 60
      const claims = {
        iss: 'quimbi-support',
        aud: 'quimbi',
        sub: 'a',
        sid: 's',
        tid: 't',
        role: 'AGENT',
        exp,
        ...wrong,
      }
      const token = await new SignJWT(JSON.parse(JSON.stringify(claims)))
        .setProtectedHeader({ alg: 'EdDSA', kid: keys.privateKey.kid })
        .sign(await importJWK(keys.privateKey, 'EdDSA'))
      await expect(createTokenVerifier(keys.publicKeys).verify(token, noon)).rejects.toMatchObject(invalid)
    },
  )

  it('of old and new keys are accepted while keys rotate', async () => {
    const next = freshKeys()
    const both = createTokenVerifier({ keys: [...next.publicKeys.keys, ...keys.publicKeys.keys] })
    const later = createTokenVerifier(next.publicKeys)
    const old = await createTokenIssuer(keys.privateKey).issue(agent, noon)
    const fresh = await createTokenIssuer(next.privateKey).issue(agent, noon)
    await expect(both.verify(old.token, noon)).resolves.toMatchObject({ agentId: 'a' })
    await expect(both.verify(fresh.token, noon)).resolves.toMatchObject({ agentId: 'a' })
    await expect(later.verify(old.token, noon)).rejects.toMatchObject(invalid)
  })

  it('stay right when the cache is too small for them', async () => {
    const verifier = createTokenVerifier(keys.publicKeys, { cacheSize: 1 })
    const issuer = createTokenIssuer(keys.privateKey)
    const tokens = await Promise.all(['x', 'y'].map((agentId) => issuer.issue({ ...agent, agentId }, noon)))
    for (const { token } of [...tokens, ...tokens]) await verifier.verify(token, noon)
    expect((await verifier.verify(tokens[0]?.token ?? '', noon)).agentId).toBe('x')
  })
})

describe('authenticate', () => {
  const verifiers = { tokens: createTokenVerifier(keys.publicKeys), clock: fixedClock(noon) }
  const nobody = { requestId: 'r', caller: null }

  it('knows an agent by bearer token, whoever carries it', async () => {
    const { token } = await createTokenIssuer(keys.privateKey).issue(agent, noon)
    const facts = { ...nobody, caller: 'gateway' as const, tenantId: 'other', authorization: `bearer ${token}` }
    expect(await authenticate(facts, verifiers)).toMatchObject({ kind: 'agent', tenantId: 't' })
  })

  it.each(['', 'Basic abc', 'Bearer', 'Bearer a b', 'abc'])(
    'refuses the malformed header "%s"',
    async (authorization) => {
      await expect(authenticate({ ...nobody, authorization }, verifiers)).rejects.toMatchObject(invalid)
    },
  )

  it('knows a service by its signature and tenant, and nobody else', async () => {
    const service = { kind: 'service', service: 'support', tenantId: 't' }
    expect(await authenticate({ requestId: 'r', caller: 'support', tenantId: 't' }, verifiers)).toEqual(service)
    expect(await authenticate({ ...nobody, tenantId: 't' }, verifiers)).toBeNull()
    expect(await authenticate({ requestId: 'r', caller: 'support' }, verifiers)).toBeNull()
  })
})
