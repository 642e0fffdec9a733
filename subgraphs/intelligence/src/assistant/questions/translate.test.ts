import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shopOf } from '../../dna/customers.test-kit.ts'
import type { SegmentationModel } from '../../dna/model.ts'
import { trainSegmentation } from '../../dna/segments.ts'
import { openModelWorld, type Opened } from '../model/model.test-kit.ts'
import { streams } from '../model/server.test-kit.ts'
import { translate } from './translate.ts'

let world: Opened
let segmentation: SegmentationModel
beforeAll(async () => {
  world = await openModelWorld()
  const shop = shopOf(600, 1)
  segmentation = trainSegmentation(shop, { seed: 7, outcomes: shop.outcomes })
}, 60_000)
afterAll(() => world.close())

const answer = JSON.stringify({
  ...{
    isUnderstood: true,
    archetype: null,
    segments: [],
    churnRiskAtLeast: 0.6,
    churnRiskAtMost: null,
    ltvAtLeast: null,
  },
  ...{
    ltvAtMost: null,
    daysSinceLastPurchaseAtLeast: null,
    daysSinceLastPurchaseAtMost: null,
    lifecycle: [],
    orderBy: null,
  },
})

/** What is asked, and all that went over the wire for it. */
async function asked(question: string) {
  const { model, tenantId } = world.open()
  world.server.behave(streams(answer))
  const before = world.server.asked.length
  const query = await translate(model, tenantId, { question, segmentation })
  return { query, sent: world.server.asked.slice(before).map(({ raw }) => raw) }
}

describe('a question on its way to a model', () => {
  it('goes out where it is made of known words, and comes back as a filter', async () => {
    const { query, sent } = await asked('which folks drift away before long')
    expect(query).toMatchObject({ churnRiskAtLeast: 0.6 })
    expect(sent).toHaveLength(1)
    expect(sent[0]).toContain('which folks drift away before long')
  })

  const canaries = [
    'ophelia',
    'zimmerwald',
    '10442',
    '7946',
    'example',
    'sk-live-1',
    '李明',
    'ольга',
    'elmstreet',
    'müller',
  ]
  it.each([
    'how likely is ophelia zimmerwald to drift away from our shop',
    'HOW LIKELY IS OPHELIA ZIMMERWALD TO DRIFT AWAY FROM OUR SHOP',
    'folks who are like ophe\u200blia or like zimmer\u00adwald and drift away',
    'folks who live near elmstreet 5 and drift away from us',
    'is ｏｐｈｅｌｉａ going to drift away from our shop',
    'do folks like 李明 or Ольга drift away from our shop',
    'did folks with an order like 10442 drift away from our shop',
    'will whoever has the number 7946 0999 drift away from our shop',
    'do folks with example com in their account drift away from our shop',
    'does sk-live-1 say whether folks drift away from our shop',
    'do our müller customers drift away from the shop',
  ])('takes nobody’s name, number or address along: %s', async (question) => {
    const { sent } = await asked(question)
    const all = sent
      .join('\n')
      .normalize('NFKC')
      .toLowerCase()
      .replace(/\p{Cf}/gu, '')
    expect(canaries.filter((canary) => all.includes(canary))).toEqual([])
  })

  it('still goes out where only a name had to stay', async () => {
    const { sent } = await asked('how likely is ophelia zimmerwald to drift away from our shop')
    expect(sent.join()).toContain('how likely is <word-1> <word-2> to drift away from our shop')
  })

  it.each(['ophelia zimmerwald', 'ophelia zimmerwald müller meyer please churn now', 'mail ophelia.z@example.com', ''])(
    'stays at home where nothing is left to understand: %s',
    async (question) => expect((await asked(question)).sent).toEqual([]),
  )
})
