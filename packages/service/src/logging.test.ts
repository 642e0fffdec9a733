import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLogger } from './logging.ts'
import { maskEmail, maskText, maskValue } from './masking.ts'

function capture(pretty = false) {
  const lines: string[] = []
  const log = createLogger({
    service: 'support',
    level: 'debug',
    pretty,
    destination: { write: (line) => void lines.push(line) },
  })
  return { log, lines }
}

describe('the log', () => {
  it('is JSON with time, level, service and the request id of a child', () => {
    const { log, lines } = capture()
    log.child({ requestId: 'r-1' }).info({ tickets: 3 }, 'opened')
    const entry = JSON.parse(lines[0] ?? '')
    expect(entry).toMatchObject({ level: 'info', service: 'support', requestId: 'r-1', tickets: 3, msg: 'opened' })
    expect(entry.time).toMatch(/^\d{4}-.*Z$/)
  })

  it('never shows a canary, wherever it is put', () => {
    const canary = 'c4n4ry'
    const email = `${canary}@${canary}.com`
    const { log, lines } = capture()
    const secrets = {
      authorization: canary, Cookie: [canary], 'set-cookie': canary, password: canary, passwordHash: canary,
      accessToken: canary, refresh_token: { value: canary }, clientSecret: canary, 'x-api-key': canary, apiKey: canary,
      'x-quimbi-signature': canary, SERVICE_KEYS: canary, privateKey: { d: canary }, jwk: { kty: 'OKP', d: canary },
      email, customerEmail: email, emails: [email], name: canary.slice(1), firstName: canary.slice(1),
      phone: canary, content: canary, body: { text: canary }, html: canary, address: { street: canary },
    } // prettier-ignore
    const cause = Object.assign(new Error(`no user ${email}`), { detail: canary, parameters: [canary] })
    const error = Object.assign(new Error(`at postgres://quimbi:${canary}@host/db`, { cause }), { query: canary })
    log.info(secrets, `mail to ${email}`)
    log.info({ deep: [{ deeper: { headers: secrets } }] }, 'Bearer %s and %o', `eyJ${canary}.x.y`, secrets)
    log.info(new Map([['password', canary]]))
    log.error(error)
    log.error({ err: error })
    log.error(error, 'failed for %s', email)
    const child = log.child({ token: canary, email })
    child.setBindings({ password: canary })
    child.child({ phone: canary }).warn(`qk_live_${canary} eyJhbGci.${canary}.sig`)
    expect(lines).toHaveLength(7)
    for (const line of lines) expect(line).not.toContain(canary.slice(1))
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow()
  })

  it('keeps what is needed to work with it', () => {
    const { log, lines } = capture()
    log.error(Object.assign(new TypeError('no such ticket'), { code: 'E1' }))
    log.info({ promptTokens: 12, hasPassword: true, at: new Date(0), count: 10n, tenantId: 't' })
    const [error, facts] = lines.map((line) => JSON.parse(line))
    expect(error).toMatchObject({
      msg: 'no such ticket',
      err: { type: 'TypeError', message: 'no such ticket', code: 'E1' },
    })
    expect(error.err.stack).toContain('logging.test.ts')
    expect(facts).toMatchObject({
      promptTokens: 12,
      hasPassword: true,
      at: '1970-01-01T00:00:00.000Z',
      count: '10',
      tenantId: 't',
    })
  })

  it('survives circles', () => {
    const circle: Record<string, unknown> = {}
    circle['self'] = circle
    const { log, lines } = capture()
    log.info(circle, 'round')
    expect(lines[0]).toContain('"msg":"round"')
  })

  it('shows what prints itself, masked, and survives what cannot be looked at', () => {
    const { log, lines } = capture()
    log.info({ url: new URL('redis://user:hunter2@host:6379') }, 'connected')
    log.info({ get broken() { throw new Error('hunter2') } }) // prettier-ignore
    expect(JSON.parse(lines[0] ?? '').url).toBe('redis://[redacted]@host:6379')
    expect(JSON.parse(lines[1] ?? '').msg).toBe('[something that cannot be logged]')
  })

  it('can be read by people', () => {
    const { log, lines } = capture(true)
    log.info({ port: 4000 }, 'listening')
    log.error(new Error('broken'))
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} INFO {2}support listening port=4000\n$/)
    expect(lines[1]).toContain('ERROR support broken\nError: broken\n')
  })
})

describe('masking', () => {
  it('keeps enough of an address to tell two apart', () => {
    expect(maskEmail('mia@shop.example.com')).toBe('m***@s***.com')
    expect(maskText('from mia@shop.com, to <bo@x.org>')).toBe('from m***@s***.com, to <b***@x***.org>')
  })

  it('hides every address in every text, and can be repeated', () => {
    fc.assert(
      fc.property(fc.emailAddress(), fc.constantFrom('', ' ', '<', 'x: "', '\n'), (email, before) => {
        const masked = maskText(`${before}${email}`)
        const local = email.slice(0, email.lastIndexOf('@'))
        if (/^[\w.+-]{4,}$/.test(local)) expect(masked).not.toContain(local)
        expect(maskText(masked)).toBe(masked)
      }),
    )
  })

  it('hides a secret at any depth that is shown, whatever surrounds it', () => {
    const canary = 'c4n4ry-c4n4ry'
    const path = fc.array(fc.constantFrom('a', 'list', 'request', 'headers', 'input'), { maxLength: 12 })
    const key = fc.constantFrom('password', 'Authorization', 'api_key', 'cookie', 'content', 'X-Quimbi-Signature')
    fc.assert(
      fc.property(path, key, fc.anything({ maxDepth: 2 }), (keys, secret, noise) => {
        const leaf: unknown = { [secret]: canary, noise }
        const value = keys.reduceRight<unknown>((inner, name) => (name === 'list' ? [inner] : { [name]: inner }), leaf)
        expect(JSON.stringify(maskValue(value))).not.toContain(canary)
      }),
    )
  })

  it('is bounded by the text it shows, whatever the text is', () => {
    for (const part of ['a', 'a@', '://', 'eyJ-', 'a.', 'qk_a_', 'bearer ']) {
      expect(maskText(part.repeat(200_000)).length).toBeLessThan(40_000)
    }
  })
})
