import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { highlight, type Language } from './highlight.ts'
import { anchor, html } from './html.ts'
import { described, inline } from './inline.ts'

const hostile = `"><img src=x onerror="alert('1')">&amp;`
const unescaped = (text: string) =>
  text
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')

describe('html', () => {
  it('escapes whatever is put into it, in text and in attributes', () => {
    const { html: text } = html`<p title="${hostile}">${[hostile, 1, null, undefined, false]}</p>`
    const safe = '&quot;&gt;&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;amp;'
    expect(text).toBe(`<p title="${safe}">${safe}1</p>`)
  })

  it('takes over what came out of a template', () => {
    const items = ['<a>', 'b'].map((item) => html`<i>${item}</i>`)
    expect(html`<b>${items}</b>`.html).toBe('<b><i>&lt;a&gt;</i><i>b</i></b>')
  })

  it('names anchors by letters and digits alone', () => {
    expect(anchor('type', 'CustomerDna')).toBe('type-customerdna')
    expect(anchor(hostile)).toMatch(/^[a-z\d-]+$/)
  })
})

describe('descriptions', () => {
  it('show code and keep everything else as it is', () => {
    expect(described('Send it as `x-api-key`, <b>once</b>.').html).toBe(
      'Send it as <code>x-api-key</code>, &lt;b&gt;once&lt;/b&gt;.',
    )
  })

  it('lead nowhere, whatever they say', () => {
    expect(described(`[here](javascript:alert(1)) and \`${hostile}\``).html).not.toMatch(/<(?!\/?code>)/)
    expect(inline('[here](javascript:alert(1)) [there](https://elsewhere.example)').html).not.toContain('<a')
    expect(inline('[here](#limits)').html).toBe('<a href="#limits">here</a>')
  })
})

describe('colours', () => {
  it.each(['graphql', 'json', 'sh', 'ts', 'http'] satisfies Language[])('never change what %s says', (language) => {
    const pieces = fc.oneof(
      fc.string(),
      fc.constantFrom('"', "'", '`', '#', '//', '$a', '{ a: 1 }', '"""', '<', '&', '\n', '\\'),
    )
    fc.assert(
      fc.property(fc.array(pieces), (parts) => {
        const code = parts.join('')
        expect(unescaped(highlight(code, language).html)).toBe(code)
      }),
    )
  })

  it('tell names from values', () => {
    expect(highlight('query ($id: ID!) # all', 'graphql').html).toBe(
      '<i class="k">query</i> (<i class="v">$id</i>: ID!) <i class="c"># all</i>',
    )
    expect(highlight('{"a": "b", "n": -1.5}', 'json').html).toBe(
      '{<i class="p">&quot;a&quot;</i>: <i class="s">&quot;b&quot;</i>, <i class="p">&quot;n&quot;</i>: <i class="n">-1.5</i>}',
    )
  })
})
