import { describe, expect, it } from 'vitest'
import { limitOf } from '../limits/limits.ts'
import { channels } from '../situation.ts'
import { campaignTexts, type Objective } from './campaign.ts'

const archetype = { name: 'Fading deal hunter', description: 'Buys on sale.', traits: ['price-sensitive'] }
const objectives: Objective[] = ['RETAIN', 'WIN_BACK', 'UPSELL', 'COMPENSATE']

describe('a campaign', () => {
  it.each(channels.flatMap((channel) => objectives.map((objective) => [channel, objective] as const)))(
    'by %s to %s has five ideas within the limit, to be filled by the sender',
    (channel, objective) => {
      const messages = campaignTexts({ archetype, objective, channel, variants: 5 })
      expect(new Set(messages.map(({ content }) => content)).size).toBe(5)
      for (const { content, limit, citations } of messages) {
        expect(limit.used).toBeLessThanOrEqual(limitOf(channel).max)
        expect(content).toContain('{{name}}')
        expect(content.includes('{{brand}}') || channel === 'CHAT').toBe(true)
        // To many at once: no fact of anybody, no promise, and nothing of what the models call them.
        expect(content).not.toMatch(/\d|%|deal hunter|fading|discount|credit|refund|free\b/i)
        expect(citations).toEqual([])
      }
    },
  )

  it('names the brand where it is known, and speaks to what matters to the archetype', () => {
    const request = { archetype, objective: 'UPSELL', channel: 'EMAIL', variants: 1 } as const
    const [message] = campaignTexts({ ...request, brand: 'Lumen & Oak' })
    expect(message!.content).toContain('Lumen & Oak')
    expect(message!.content).not.toContain('{{brand}}')
    expect(message!.content).toContain('Tell us your budget')
    const [other] = campaignTexts({ ...request, archetype: { name: 'Newcomers', description: '', traits: [] } })
    expect(other!.content).not.toContain('budget')
  })

  it('is the same for the same request, and has at least one text', () => {
    const request = { archetype, objective: 'RETAIN', channel: 'SMS', variants: 3 } as const
    expect(campaignTexts(request)).toEqual(campaignTexts(request))
    expect(campaignTexts({ ...request, variants: 0 })).toHaveLength(1)
    expect(campaignTexts({ ...request, variants: 99 })).toHaveLength(5)
  })
})
