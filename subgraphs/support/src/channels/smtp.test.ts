import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '@quimbi/service/config.ts'
import { createAdapters } from './adapters.ts'
import { failureOf } from './smtp.ts'

const failed = (facts: object) => Object.assign(new Error('x'), facts)

describe('a failed attempt', () => {
  it.each([
    ['a recipient refused for good', { code: 'EENVELOPE', responseCode: 550, response: '550 no' }, false, 'PERMANENT'],
    ['a recipient put off', { code: 'EENVELOPE', responseCode: 451, response: '451 later' }, false, 'TEMPORARY'],
    ['the whole mail refused', { code: 'EMESSAGE', responseCode: 554, response: '554 spam' }, true, 'PERMANENT'],
    ['the whole mail put off', { code: 'EMESSAGE', responseCode: 452, response: '452 full' }, true, 'TEMPORARY'],
    ['no connection', { code: 'ESOCKET' }, false, 'TEMPORARY'],
    ['a wrong password', { code: 'EAUTH', responseCode: 535, response: '535 no' }, false, 'TEMPORARY'],
    ['a mail larger than the server takes', { code: 'EMESSAGE' }, false, 'PERMANENT'],
    ['a connection lost in the text', { code: 'ECONNECTION' }, true, 'UNKNOWN'],
    [
      'a server that says goodbye instead of yes',
      { code: 'ECONNECTION', responseCode: 421, response: '421 bye' },
      true,
      'UNKNOWN',
    ],
    ['the deadline in the text', { name: 'AbortError', code: 'ABORT_ERR' }, true, 'UNKNOWN'],
    ['the deadline before it', { name: 'AbortError', code: 'ABORT_ERR' }, false, 'TEMPORARY'],
  ])('by %s', (_what, error, didRead, kind) => expect(failureOf(failed(error), didRead).kind).toBe(kind))
})

describe('the adapters', () => {
  const settings = { publicUrl: 'http://support.example', filesDir: tmpdir() }

  it('refuse to send mail from nobody', () => {
    expect(() => createAdapters({ ...settings, smtpUrl: 'smtp://localhost' })).toThrow(ConfigError)
  })

  it('are there for every channel', async () => {
    const adapters = createAdapters({ ...settings, smtpUrl: 'smtp://localhost', mailFrom: 'a@b.example' })
    expect([...adapters.keys()].toSorted()).toEqual(['CHAT', 'EMAIL', 'FORM', 'PHONE', 'SMS'])
    for (const adapter of adapters.values()) await adapter.close()
  })
})
