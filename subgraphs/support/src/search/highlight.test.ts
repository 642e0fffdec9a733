import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { highlight } from './highlight.ts'

describe('highlight', () => {
  it.each([
    ['Where is my order?', 'order', 'Where is my <mark>order</mark>?'],
    ['Where is my ORDER?', 'my ord', 'Where is <mark>my</mark> <mark>ORDER</mark>?'],
    ['my mylar', 'my order', '<mark>my</mark> mylar'],
    ['I want a refund', 'refnud', 'I want a <mark>refund</mark>'],
    ['Größe zu klein', 'größe', '<mark>Größe</mark> zu klein'],
    ['nothing of it', 'zebra', 'nothing of it'],
    ['one\ntwo\u0000three', 'two', 'one <mark>two</mark> three'],
    ['', 'x', ''],
  ])('of %j for %j', (text, query, html) => {
    expect(highlight(text, query)).toBe(html)
  })

  it('escapes what looks like a tag, in the text and in the match', () => {
    expect(highlight('<script>alert("x")</script> & <mark>refund</mark>', 'refund')).toBe(
      '&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &lt;mark&gt;<mark>refund</mark>&lt;/mark&gt;',
    )
    expect(highlight('<script>', 'script')).toBe('&lt;<mark>script</mark>&gt;')
  })

  it('shows a piece around the first match', () => {
    const html = highlight(`${'before '.repeat(100)}needle ${'after '.repeat(100)}`, 'needle')
    expect(html).toMatch(/^…before .*<mark>needle<\/mark> after .*…$/)
    expect(html.length).toBeLessThan(230)
  })

  it('never lets anything through but marks, whatever is written', () => {
    const writing = fc.string({
      unit: fc.constantFrom('<', '>', '&', '"', 'mark', '/', 'a', ' ', '\u0001', '\ud83d', '😀'),
    })
    fc.assert(
      fc.property(writing, fc.string(), (text, query) => {
        const html = highlight(text, query)
        expect(html.isWellFormed()).toBe(true)
        expect(html.replaceAll('<mark>', '').replaceAll('</mark>', '')).not.toMatch(/[<>"\p{Cc}]/u)
        expect(html.split('<mark>').length).toBe(html.split('</mark>').length)
      }),
    )
  })
})
