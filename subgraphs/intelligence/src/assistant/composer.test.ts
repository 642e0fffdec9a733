import { Registry } from 'prom-client'
import { describe, expect, it, vi } from 'vitest'
import { composeMetrics } from './compose-metrics.ts'
import { composeWith, type Tools } from './composer.ts'
import type { Situation, Wish } from './situation.ts'
import type { Generator, Message, Written } from './written.ts'

const situation = {} as Situation
const wish: Wish = { tone: 'PROFESSIONAL', length: 'LONG' }
const written = (text: string): Written => ({
  paragraphs: [[{ text, cites: [], importance: 1 }]],
  ...{ personalization: [], reasoning: 'Because.', confidence: 0.5 },
})
const saying = (name: string, text: string): Generator => ({ name, write: () => Promise.resolve(written(text)) })
const textOf = ({ paragraphs }: Written): string => paragraphs[0]![0]!.text
const rendered = (content: string): Message => ({
  content,
  limit: { unit: 'WORDS', max: 10, used: 1 },
  citations: [],
})

/** What is said of a text decides: "false" is not verified, "secret" not as a message, "long" fits nowhere. */
const tools = (builtIn = saying('built-in', 'Hello')): Tools => ({
  builtIn,
  verify: (it) => (textOf(it).includes('false') ? ['problem'] : []),
  render: (it, _, { length }) =>
    textOf(it).includes('long') && length !== 'SHORT' ? null : rendered(`Dear, ${textOf(it)}`),
  verifyMessage: ({ content }) => (content.includes('secret') ? ['problem'] : []),
})

async function outcomes(run: (metrics: ReturnType<typeof composeMetrics>) => Promise<unknown>) {
  const registry = new Registry()
  await run(composeMetrics(registry))
  const { values } = await registry.getSingleMetric('quimbi_assistant_texts_total')!.get()
  return values.map(({ labels }) => `${labels['generator']} ${labels['outcome']}`)
}

describe('a message', () => {
  it('is the built-in writer’s where no generator is given', async () => {
    const composed = await composeWith(tools(), situation, wish)
    expect(composed).toMatchObject({ content: 'Dear, Hello', generator: 'built-in', fallback: null, confidence: 0.5 })
    expect(await outcomes((metrics) => composeWith(tools(), situation, wish, { metrics }))).toEqual(['built-in ok'])
  })

  it('is the generator’s where that can be verified', async () => {
    const composed = await composeWith(tools(), situation, wish, { generator: saying('openai:x', 'Good day') })
    expect(composed).toMatchObject({ content: 'Dear, Good day', generator: 'openai:x', fallback: null })
  })

  it.each([
    ['unverified', saying('m', 'false')],
    ['unverified', saying('m', 'secret')],
    ['too_long', saying('m', 'long')],
    ['away', { name: 'm', write: () => Promise.reject(new Error('It is down.')) }],
    [
      'away',
      {
        name: 'm',
        write: () => {
          throw new Error('It is no good.')
        },
      },
    ],
  ] as const)('is the built-in writer’s where the generator is %s', async (fallback, generator) => {
    const composed = await composeWith(tools(), situation, wish, { generator })
    expect(composed).toMatchObject({ content: 'Dear, Hello', generator: 'built-in', fallback })
    expect(await outcomes((metrics) => composeWith(tools(), situation, wish, { generator, metrics }))).toEqual([
      `model ${fallback}`,
    ])
  })

  it('is written without a generator that never answers, after half a minute', async () => {
    vi.useFakeTimers()
    try {
      let ended = false
      const generator: Generator = {
        name: 'm',
        write: (_s, _w, options) =>
          new Promise(() => options?.signal?.addEventListener('abort', () => void (ended = true))),
      }
      const composing = composeWith(tools(), situation, wish, { generator })
      await vi.advanceTimersByTimeAsync(30_000)
      expect(await composing).toMatchObject({ generator: 'built-in', fallback: 'late' })
      expect(ended).toBe(true)
    } finally {
      vi.useRealTimers()
    }
  })

  it('is not written for somebody who has left', async () => {
    const leaving = new AbortController()
    const generator: Generator = { name: 'm', write: () => new Promise(() => {}) }
    const builtIn = { name: 'built-in', write: vi.fn(() => Promise.resolve(written('Hello'))) }
    const composing = composeWith(tools(builtIn), situation, wish, { generator, signal: leaving.signal })
    leaving.abort(new Error('left'))
    await expect(composing).rejects.toThrow('left')
    expect(builtIn.write).not.toHaveBeenCalled()
  })

  it('is short where what was wished does not fit, and none is shown that cannot be', async () => {
    const short = await composeWith(tools(saying('built-in', 'long')), situation, wish)
    expect(short).toMatchObject({ content: 'Dear, long' })
    await expect(composeWith(tools(saying('built-in', 'false')), situation, wish)).rejects.toThrow('No message')
  })
})
