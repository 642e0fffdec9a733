import { describe, expect, it } from 'vitest'
import { decodeModel, encodeModel } from '../../learning/codec.ts'
import { createClassifier } from './classify.ts'
import { type TextModel, trainText } from './text-model.ts'

const verbs = {
  paint: ['paint', 'colour', 'varnish'],
  wood: ['saw', 'plane', 'carve'],
  metal: ['weld', 'forge', 'rivet'],
}
const objects = ['the door', 'a chair', 'my table', 'this gate', 'the old frame', 'every shelf']
const rows = Object.entries(verbs).flatMap(([label, words]) =>
  words.flatMap((word) => objects.map((object) => ({ label, text: `please ${word} ${object}` }))),
)
const train = (options = {}): TextModel =>
  trainText(
    rows.map(({ text }) => text),
    rows.map(({ label }) => label),
    { seed: 3, ...options },
  )
const model = train()

describe('learning labels from texts', () => {
  it('says the label of a text it has not seen, and what told it', () => {
    const found = createClassifier(model).classify('Could you VARNISH the big window?')
    expect(found).toMatchObject({ label: 'paint' })
    expect(found?.evidence[0]).toContain('VARNISH')
    expect(found?.confidence).toBeGreaterThan(0.5)
    expect(found?.confidence).toBeLessThanOrEqual(1)
  })

  it('says nothing of what it never saw the like of', () => {
    const { classify } = createClassifier(model)
    expect(classify('')).toBeNull()
    expect(classify('¿?!')).toBeNull()
    expect(classify('xyzzy qwrt')).toBeNull()
  })

  it('never gives labels more than the whole', () => {
    const { read } = createClassifier(model)
    for (const { text } of rows) {
      const sum = read(text).shares.reduce((total, share) => total + share, 0)
      expect(sum).toBeLessThanOrEqual(1 + 1e-9)
      expect(sum).toBeGreaterThan(0)
    }
  })

  it('gives the same model for the same seed, and the same answers after being stored', () => {
    expect(train()).toEqual(model)
    const stamp = { kind: 'triage', version: 1, featureVersion: 'text' }
    const stored = decodeModel<TextModel>(encodeModel(model, stamp), stamp)
    for (const { text } of rows.slice(0, 10))
      expect(createClassifier(stored).classify(text)).toEqual(createClassifier(model).classify(text))
  })

  it('is silent about everything where labels are pure chance', () => {
    const random = rows.map((_, index) => ['a', 'b', 'c'][(index * 7) % 3]!)
    const noise = trainText(
      rows.map(() => 'always the same words'),
      random,
      { seed: 1 },
    )
    expect(createClassifier(noise).classify('always the same words')).toBeNull()
  })

  it('calibrates on groups that were held out: what only repeats itself is not known', () => {
    const byWord = rows.map(({ text }) => text.split(' ')[1]!)
    const groups = byWord.map((word) => Object.values(verbs).flat().indexOf(word))
    const { read } = createClassifier(train({ groups }))
    const alone = createClassifier(model)
    const text = rows[0]!.text
    expect(Math.max(...read(text).shares)).toBeLessThan(Math.max(...alone.read(text).shares))
  })

  it.each([
    [['a'], ['x', 'y'], undefined],
    [['a', 'b', 'c'], ['x', 'x', 'x'], 'ONE_CLASS'],
    [['a', 'b', 'c', 'd'], ['x', 'x', 'x', 'y'], 'TOO_FEW_TEXTS'],
  ])('refuses texts %j with labels %j', (texts, labels, reason) => {
    expect(() => trainText(texts, labels, { seed: 1 })).toThrowError(
      expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT', ...(reason && { reason }) } }),
    )
  })
})
