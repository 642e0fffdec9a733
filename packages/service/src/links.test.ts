import { expect, it } from 'vitest'
import { createLinks } from './links.ts'
import { generateSecrets } from './secrets.ts'
import { createTokenVerifier } from './tokens.ts'

const now = new Date('2026-11-21T10:00:00.000Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000)
const keys = () => {
  const secrets = generateSecrets()
  return { own: JSON.parse(secrets.AGENT_TOKEN_PRIVATE_KEY), all: JSON.parse(secrets.AGENT_TOKEN_PUBLIC_KEYS) }
}
const { own, all } = keys()
const links = createLinks(own, all)
const claims = { tenantId: 'tenant-1', subject: 'ticket-1', data: { agent: 'a' } }

it('reads what it signed, until it is over', async () => {
  const token = await links.sign('survey', claims, { now, expiresAt: later(60) })
  expect(await links.read('survey', token, later(59))).toEqual(claims)
  expect(await links.read('survey', token, later(61))).toBeNull()
})

it('holds for ever without an end', async () => {
  const token = await links.sign('checkpoint', claims, { now })
  expect(await links.read('checkpoint', token, later(10 ** 9))).toEqual(claims)
})

it('takes no token of another purpose, of another key, or that was changed', async () => {
  const token = await links.sign('survey', claims, { now, expiresAt: later(60) })
  expect(await links.read('export', token, now)).toBeNull()
  const other = keys()
  expect(await createLinks(other.own, other.all).read('survey', token, now)).toBeNull()
  expect(await links.read('survey', `${token}x`, now)).toBeNull()
  expect(await links.read('survey', 'x'.repeat(5_000), now)).toBeNull()
})

it('is no login, and a login is no link', async () => {
  const token = await links.sign('survey', claims, { now, expiresAt: later(60) })
  await expect(createTokenVerifier(all).verify(token, now)).rejects.toMatchObject({
    extensions: { code: 'UNAUTHENTICATED' },
  })
})
