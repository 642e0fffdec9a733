import { createRandom } from '@quimbi/service/random.ts'
import { describe, expect, it } from 'vitest'
import { expand } from './expand.ts'
import { doing } from './frames.ts'
import { generateCorpus } from './generate.ts'
import { mistype } from './mistype.ts'
import { categoryOf, taxonomy } from './taxonomy.ts'

const corpus = generateCorpus({ seed: 1, perPhrase: 5 })

describe('the grammar', () => {
  it('makes messages of every intent, none with a mark of the grammar left in it', () => {
    expect(new Set(corpus.labels)).toEqual(new Set(Object.values(taxonomy).flat()))
    expect(corpus.texts.filter((text) => /[[\]{}|]/.test(text) || text.trim() === '')).toEqual([])
  })

  it('makes the same messages for a seed, and others for another', () => {
    expect(generateCorpus({ seed: 1, perPhrase: 5 })).toEqual(corpus)
    expect(generateCorpus({ seed: 2, perPhrase: 5 }).texts).not.toEqual(corpus.texts)
  })

  it('varies: hardly a message is there twice', () => {
    expect(new Set(corpus.texts).size / corpus.texts.length).toBeGreaterThan(0.9)
  })

  it('keeps one intent to a group', () => {
    const intentOf = new Map<number, string>()
    corpus.groups.forEach((group, row) => {
      const known = intentOf.get(group)
      if (known) expect(corpus.labels[row]).toBe(known)
      else intentOf.set(group, corpus.labels[row]!)
    })
  })

  it('expands choices within choices, and refuses names that it has not', () => {
    const random = createRandom(1)
    const said = new Set(Array.from({ length: 200 }, () => expand('go [up [now|later]|down|]', random)))
    expect(said).toEqual(new Set(['go up now', 'go up later', 'go down', 'go']))
    expect(() => expand('{nonsense}', random)).toThrow('nonsense')
  })

  it.each([
    ['cancel it', 'cancelling it'],
    ['get a refund', 'getting a refund'],
    ['change the size', 'changing the size'],
    ['return it', 'returning it'],
    ['see it', 'seeing it'],
  ])('says "%s" as "%s"', (action, gerund) => expect(doing(action)).toBe(gerund))

  it('slips without losing the message', () => {
    const random = createRandom(4)
    for (let at = 0; at < 300; at++) {
      const typed = mistype('I am writing because your lamp does not work', random)
      expect(Math.abs(typed.length - 44)).toBeLessThan(16)
    }
  })

  it('groups intents, and leaves a tenant’s own labels alone', () => {
    expect(categoryOf('refund_status')).toBe('refund')
    expect(categoryOf('engraving')).toBe('engraving')
  })
})
