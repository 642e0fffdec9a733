import { describe, expect, it } from 'vitest'
import { parseMail } from './parse-mail.ts'

const mail = (head: string[], body = 'Hello', ...more: string[]): Buffer =>
  Buffer.from([...head, '', body, ...more].join('\r\n'), 'latin1')
const from = 'From: Mia <mia@mail.example>'
const refusal = expect.objectContaining({ extensions: expect.objectContaining({ code: 'BAD_USER_INPUT' }) })

/** Every text of it can be stored and shown. */
function expectSafe(parsed: Awaited<ReturnType<typeof parseMail>>): void {
  const { subject, content, externalId, from, files } = parsed
  for (const line of [
    subject,
    externalId,
    from?.name ?? '',
    from?.address ?? '',
    ...files.map((file) => file.fileName),
  ]) {
    expect(line).not.toMatch(/[\u0000-\u001F\u007F]/)
    expect(line.isWellFormed()).toBe(true)
  }
  expect(content).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F]/)
  expect(content.isWellFormed()).toBe(true)
  expect(content.length).toBeGreaterThan(0)
  expect(content.length).toBeLessThanOrEqual(50_000)
  expect(subject.length).toBeLessThanOrEqual(300)
}

describe('a mail', () => {
  it('is read: who, to whom, what it answers, what is new in it', async () => {
    const head = [
      from,
      'To: Shop <support+7-aa@shop.example>, other@shop.example',
      'Delivered-To: inbox@shop.example',
      'Subject: =?utf-8?q?Wo_ist_=E2=80=9Ees=E2=80=9C=3F?=',
      'Message-ID: <m1@mail.example>',
      'References: <a@x.example> <b@x.example>',
      'In-Reply-To: <b@x.example>',
      'Content-Type: text/plain; charset=utf-8',
    ]
    const parsed = await parseMail(mail(head, 'Not here.\r\n\r\nOn Friday, Shop wrote:\r\n> It was sent.'))
    expect(parsed).toMatchObject({
      externalId: '<m1@mail.example>',
      from: { address: 'mia@mail.example', name: 'Mia' },
      subject: 'Wo ist „es“?',
      content: 'Not here.',
      references: ['<a@x.example>', '<b@x.example>', '<b@x.example>'],
      automatic: null,
      report: null,
    })
    expect(parsed.addressed).toEqual(expect.arrayContaining(['support+7-aa@shop.example', 'inbox@shop.example']))
  })

  it('in HTML alone is read as text; without Message-ID the same mail has the same id', async () => {
    const raw = mail([from, 'Content-Type: text/html'], '<p>It is <b>broken</b></p><script>alert(1)</script>')
    const parsed = await parseMail(raw)
    expect(parsed.content).toBe('It is broken')
    expect(parsed.html).toContain('<b>')
    expect(parsed.externalId).toMatch(/^sha256:/)
    expect((await parseMail(raw)).externalId).toBe(parsed.externalId)
  })
})

describe('a hostile mail', () => {
  it('with parts nested a thousand levels deep is refused', async () => {
    const levels = Array.from(
      { length: 1_000 },
      (_, n) => `--b${n}\r\nContent-Type: multipart/mixed; boundary=b${n + 1}\r\n`,
    )
    const raw = mail([from, 'Content-Type: multipart/mixed; boundary=b0'], levels.join('\r\n'))
    await expect(parseMail(raw)).rejects.toEqual(refusal)
  })

  it('with ten thousand headers is read, with a megabyte of them refused', async () => {
    expectSafe(await parseMail(mail([from, ...Array.from({ length: 10_000 }, (_, n) => `X-${n}: a`)])))
    await expect(parseMail(mail([from, `X-Long: ${'a '.repeat(500_000)}`]))).rejects.toEqual(refusal)
  })

  it('with thousands of parts keeps twenty of them and counts the others', async () => {
    const part = '--b\r\nContent-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment\r\n\r\nx\r\n'
    const parsed = await parseMail(
      mail([from, 'Content-Type: multipart/mixed; boundary=b'], part.repeat(5_000), '--b--'),
    )
    expectSafe(parsed)
    expect([parsed.files.length, parsed.leftOut]).toEqual([20, 4_980])
  })

  it.each([
    ['an unknown charset', [from, 'Content-Type: text/plain; charset="no-such-charset\u0000"'], 'h\xE9llo'],
    [
      'a broken charset',
      [from, 'Subject: =?utf-8?b?//7/AA==?=', 'Content-Type: text/plain; charset=utf-8'],
      '\xC3\x28 \xED\xA0\x80 \xFF',
    ],
    ['null bytes', [from, 'Subject: a\u0000b'], 'x\u0000y\u0001z'],
    ['a header in the subject', [from, 'Subject: =?utf-8?q?a=0D=0ABcc:_thief@evil.example?='], 'x'],
    ['a header in the name', ['From: =?utf-8?q?Mia=0D=0ABcc:_x@y.z?= <mia@mail.example>'], 'x'],
    ['a long subject', [from, `Subject: ${'a'.repeat(100_000)}`], 'x'],
    ['a long body', [from], 'word '.repeat(100_000)],
    [
      'half a character at the cut',
      [from, 'Content-Type: text/plain; charset=utf-8'],
      `${'\xF0\x9F\x98\x80'.repeat(30_000)}`,
    ],
    ['nothing to read', [from], ' \r\n\u0000\r\n'],
    [
      'a folder in a file name',
      [from, 'Content-Type: text/plain; name="../../etc/passwd\u0007"', 'Content-Disposition: attachment'],
      'x',
    ],
    [
      'no end of its parts',
      [from, 'Content-Type: multipart/mixed; boundary=b'],
      '--b\r\nContent-Type: text/plain\r\n\r\nx',
    ],
    ['an unreadable transfer encoding', [from, 'Content-Transfer-Encoding: base64'], '!!!not base64!!!'],
  ])('with %s is read safely', async (_what, head, body) => expectSafe(await parseMail(mail(head, body))))

  it('from several, from nobody or from what is no address has no sender', async () => {
    for (const sender of ['From: ', 'X: y', 'From: "a@b" <no address>', 'From: a b c'])
      expect((await parseMail(mail([sender, 'Subject: x']))).from).toBeNull()
  })

  it('with ten thousand recipients and references is read, a hundred of them looked at', async () => {
    const to = Array.from({ length: 10_000 }, (_, n) => `a${n}@b.example`).join(', ')
    const references = Array.from({ length: 10_000 }, (_, n) => `<${n}@b.example>`).join(' ')
    const parsed = await parseMail(mail([from, `To: ${to}`, `References: ${references}`]))
    expect(parsed.addressed.length).toBeLessThanOrEqual(100)
    expect(parsed.references.length).toBeLessThanOrEqual(50)
  })

  it('that is none is refused', async () => {
    for (const raw of ['', 'just words', '\u0000\u0000\u0000']) {
      const parsed = await parseMail(Buffer.from(raw)).catch((error: unknown) => error)
      if (!(parsed instanceof Error)) expectSafe(parsed as Awaited<ReturnType<typeof parseMail>>)
      else expect(parsed).toEqual(refusal)
    }
    await expect(parseMail(Buffer.from(''))).rejects.toEqual(refusal)
  })
})
