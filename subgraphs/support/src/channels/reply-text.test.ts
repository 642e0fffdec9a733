import { describe, expect, it } from 'vitest'
import { textOfHtml } from './plain.ts'
import { newText } from './reply-text.ts'

describe('what was newly written', () => {
  it.each([
    [
      'a quote under an attribution',
      'Thanks!\n\nOn Fri, 20 Nov 2026, Shop wrote:\n> It is on its way.\n>\n> Bye\n',
      'Thanks!',
    ],
    [
      'an attribution over two lines',
      'Ja.\n\nAm Fr., 20. Nov. 2026 um 10:00 Uhr\nschrieb Shop <a@b.c>:\n\n> Hallo\n',
      'Ja.',
    ],
    ['French', 'Merci\n\nLe ven. 20 nov. 2026, Shop a écrit :\n> Bonjour\n', 'Merci'],
    [
      'Outlook’s head',
      'Yes please.\n\n________________________________\nFrom: Shop\nSent: Friday\nTo: Mia\nSubject: Re: x\n\nHello',
      'Yes please.',
    ],
    ['an original message', 'No.\n\n-----Original Message-----\nFrom: Shop\nHello', 'No.'],
    ['a signature', 'It broke.\n\n-- \nMia\n+33 1 23\n', 'It broke.'],
    ['a telephone’s line', 'Where is it?\n\nSent from my iPhone\n', 'Where is it?'],
    ['quote and signature', 'Fine.\n--\nMia\n\nOn Monday Shop wrote:\n> x', 'Fine.'],
  ])('goes without %s', (_what, text, expected) => expect(newText(text)).toBe(expected))

  it.each([
    ['answers between quoted lines', '> Which size?\nM\n> Which colour?\nBlue'],
    ['nothing else', '> It is on its way.'],
    ['a list with dashes', 'I want:\n-- one\n-- two'],
    ['a colon that is no attribution', 'My sister wrote a note:\nplease call'],
    ['a single "From:"', 'The label says\nFrom: Berlin\nand it came from Bonn'],
    [
      'a rule near the top of a long text',
      ['Hello', '--', ...Array.from({ length: 30 }, (_, n) => `line ${n}`)].join('\n'),
    ],
  ])('stays as it is with %s', (_what, text) => expect(newText(text)).toBe(text))

  it('is found in hostile texts as fast as in others', () => {
    const before = performance.now()
    for (const line of ['>', 'wrote', '-'.repeat(50), ' ', 'From: ', 'on '.repeat(200)])
      newText(`${line}\n`.repeat(200_000 / line.length))
    expect(performance.now() - before).toBeLessThan(20_000)
  })
})

describe('an HTML mail as text', () => {
  it('has a line a block, and quotations behind marks', () => {
    const html =
      '<html><head><title>x</title><style>p{}</style></head><body><p>Hello &amp; <b>thanks</b></p><div>a&nbsp;&lt; b<br>c</div><blockquote><p>old</p></blockquote></body>'
    const text = textOfHtml(html)
    expect(text).toContain('Hello & thanks\n')
    expect(text).toContain('a < b\nc')
    expect(text).toMatch(/^> old/m)
    expect(text).not.toContain('p{}')
  })

  it('has no script and no markup, however it is broken', () => {
    for (const html of [
      '<script>alert(1)</script>ok',
      '<scr<script>ipt>x</script>ok',
      'ok<img src=x onerror=alert(1)>',
      '<p>ok<p <!--',
    ])
      expect(textOfHtml(html)).not.toMatch(/alert|<img|<script/)
  })

  it('comes from twenty thousand nested blocks', () => {
    expect(textOfHtml(`${'<div>'.repeat(20_000)}x`).length).toBeLessThan(1_000_000)
    expect(textOfHtml(`${'<blockquote>'.repeat(1_000)}x${'</blockquote>'.repeat(2_000)}y`)).toContain('y')
  })
})
