import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pearson } from '../../learning/metrics.ts'
import { lexicalScore, sentimentOf } from './sentiment.ts'
import { createSentimentReader, trainSentiment } from './trained.ts'
import { compoundOf, compoundOfSum, sumOf } from './vader.ts'

const tweets = join(import.meta.dirname, '../../../../../../shared/data/vader_gold/tweets_GroundTruth.txt')

describe('VADER', () => {
  it.skipIf(!existsSync(tweets))('agrees with people on tweets as published, r ≥ 0.879 (data)', () => {
    const rows = readFileSync(tweets, 'utf8').split(/\r?\n/).filter(Boolean)
    const rated = rows.map((row) => row.split('\t'))
    const people = rated.map(([, mean]) => Number(mean))
    const ours = rated.map(([, , ...text]) => compoundOf(text.join('\t')))
    expect(Math.round(pearson(people, ours) * 1_000) / 1_000).toBeGreaterThanOrEqual(0.879)
  })

  it('takes long words and texts, and adds up', () => {
    expect(compoundOf(`${'A'.repeat(15_000)}a great`)).toBeGreaterThan(0)
    expect(compoundOf('great '.repeat(5_000))).toBeGreaterThan(0.9)
    expect(compoundOfSum(sumOf(0.42))).toBeCloseTo(0.42, 6)
    expect(Number.isFinite(sumOf(1))).toBe(true)
  })
})

describe('the sentiment of a customer', () => {
  it.each([
    'Hi, could you please help me change my address? Kind regards',
    'I would like to return my jacket please',
    'where is my order',
    'Is the gift card valid?',
  ])('is neutral: %s', (text) => expect(Math.abs(lexicalScore(text) - 0.5)).toBeLessThan(0.1))

  it.each([
    'still waiting for my order',
    'The lamp does not work',
    'my delivery is late',
    'you sent the wrong size',
    'this is not good',
    'Thanks for nothing',
    'This is the third time I write and nobody answers',
  ])('is negative: %s', (text) => expect(lexicalScore(text)).toBeLessThan(0.4))

  it.each(['Great service, thank you so much', 'it works perfectly', 'not bad at all', 'Fast delivery, love it'])(
    'is positive: %s',
    (text) => expect(lexicalScore(text)).toBeGreaterThan(0.6),
  )

  it('turns good words around when they are denied', () => {
    expect(lexicalScore('This is not exactly what I wanted')).toBeLessThan(
      lexicalScore('This is exactly what I wanted'),
    )
  })

  it('follows the newest message most', () => {
    const calmed = sentimentOf(['This is awful, I hate it', 'Great, thank you so much!'])
    const angered = sentimentOf(['Great, thank you so much!', 'This is awful, I hate it'])
    expect(calmed.score).toBeGreaterThan(0.5)
    expect(calmed.emotion).toBe('grateful')
    expect(angered.score).toBeLessThan(0.5)
    expect(angered.emotion).toBe('angry')
  })

  it('is nothing to be sure of where nothing was said', () => {
    expect(sentimentOf([])).toEqual({ score: 0.5, emotion: 'neutral', confidence: 0 })
  })
})

describe('a trained sentiment', () => {
  const good = ['crisp', 'sturdy', 'silky', 'roomy', 'snug', 'quiet']
  const bad = ['flimsy', 'scratchy', 'wobbly', 'stiff', 'noisy', 'thin']
  const things = ['coat', 'chair', 'lamp', 'bag']
  const said = (words: string[]) => words.flatMap((word) => things.map((thing) => `a ${word} ${thing}`))
  const texts = [...said(good), ...said(bad)]
  const isPositive = texts.map((_, index) => (index < texts.length / 2 ? 1 : 0))

  it('learns a trade’s own words', () => {
    const scoreOf = createSentimentReader(trainSentiment(texts, isPositive, 1))
    expect(scoreOf('such a sturdy table')).toBeGreaterThan(scoreOf('such a flimsy table'))
    expect(sentimentOf(['such a flimsy table'], scoreOf).score).toBe(scoreOf('such a flimsy table'))
  })

  it('refuses texts without ratings, and ratings of one kind', () => {
    const refused = expect.objectContaining({
      extensions: expect.objectContaining({ code: 'BAD_USER_INPUT' }) as object,
    })
    expect(() => trainSentiment(texts, [1], 1)).toThrowError(refused)
    expect(() => trainSentiment(['a', 'b'], [1, 1], 1)).toThrowError(refused)
  })
})
