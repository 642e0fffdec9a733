import { newId } from '@quimbi/database/ids.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assortmentOf } from '../src/advice/assortment.ts'
import { learnContent } from '../src/advice/content-thread.ts'
import { aShop, passedIn, product, regular } from './advice-kit.ts'
import { now } from './analytics-kit.ts'
import { openWorld, type World } from './kit.ts'

let world: World
beforeAll(async () => void (world = await openWorld()), 120_000)
afterAll(() => world.close())

const recommend = `query ($input: RecommendContentInput!, $first: Int) { recommendContent(input: $input, first: $first) { sku title probability explanation } }`
type Recommended = { recommendContent: { sku: string; title: string; probability: number; explanation: string }[] }
describe('products for a customer', { timeout: 120_000 }, () => {
  // TEA goes with POT, and everybody has a MUG.
  const skusOf = (nth: number) => (nth % 3 === 0 ? ['MUG', 'TEA', 'POT'] : nth % 3 === 1 ? ['MUG', 'CUP'] : ['MUG'])

  it('are those that others bought with what they have', async () => {
    const tenantId = await aShop(world, 45, skusOf)
    const agent = await world.agent(tenantId, 'AGENT')
    const profile = passedIn(regular(1, 2, ['MUG', 'TEA']))
    const ask = async (input: object, first = 5) =>
      (await world.ask<Recommended>(recommend, { input: { objective: 'RETAIN', ...input }, first }, agent)).data!
        .recommendContent
    const found = await ask({ profile })
    expect(found.map(({ sku }) => sku).toSorted()).toEqual(['CUP', 'POT'])
    expect(found[0]).toMatchObject({ sku: 'POT', title: 'The POT' })
    expect(found[0]?.explanation).toContain('The TEA')
    expect(await ask({ profile }, 1)).toEqual(found.slice(0, 1))

    const products = ['MUG', 'NEW'].map((sku) => ({ sku, title: `Our ${sku}`, price: '10', margin: 0.5 }))
    const given = await ask({ profile, products })
    expect(given.map(({ title }) => title).toSorted()).toEqual(['Our MUG', 'Our NEW'])
    expect(await ask({ profile, products: [] })).toEqual([])
    // The dearer one brings more, though fewer buy it.
    const dear = [product('MUG', '1'), product('CUP', '1')].map(({ sku, title }) => ({
      sku,
      title,
      price: sku === 'CUP' ? '9000' : '1',
    }))
    const best = await world.ask<Recommended>(
      recommend,
      { input: { profile, objective: 'UPSELL', products: dear } },
      agent,
    )
    expect(best.data!.recommendContent.map(({ sku }) => sku)).toEqual(['CUP', 'MUG'])
  })

  it.each([
    [{ products: Array.from({ length: 1_001 }, () => ({ sku: 'A', title: 'A' })) }],
    [{ products: [{ sku: '', title: 'A' }] }],
    [{ products: [{ sku: 'A', title: 'A', price: '-1' }] }],
    [{ products: [{ sku: 'A', title: 'A', margin: 1.5 }] }],
  ])('are refused from %j', async (input) => {
    const whole = { profile: passedIn(regular(0)), objective: 'UPSELL', ...input }
    const { codes } = await world.ask(recommend, { input: whole }, await world.agent(newId()))
    expect(codes).toEqual(['BAD_USER_INPUT'])
  })

  it('are at most 100', async () => {
    const input = { profile: passedIn(regular(0)), objective: 'RETAIN' }
    const { codes } = await world.ask(recommend, { input, first: 101 }, await world.agent(newId()))
    expect(codes).toEqual(['BAD_USER_INPUT'])
  })

  it('are learnt once an hour, off this thread, from pages of customers', async () => {
    const tenantId = await aShop(world, 260, skusOf)
    const db = world.database.forTenant(tenantId)
    const { customers, titles } = await assortmentOf(db, tenantId, now)
    expect([customers, titles.get('POT')]).toEqual([260, 'The POT'])
    const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
    expect(await world.statementsOf(() => assortmentOf(db, tenantId, later(59)))).toBe(0)
    expect(await world.statementsOf(() => assortmentOf(db, tenantId, later(60)))).toBeGreaterThan(0)
  })

  it('can be asked for again where the thread fails', async () => {
    async function* none() {}
    const broken = new URL('data:text/javascript,process.exit(3)')
    await expect(learnContent(none(), 0, broken)).rejects.toMatchObject({
      extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryable: true },
    })
    const throwing = new URL('data:text/javascript,throw new Error("broken")')
    await expect(learnContent(none(), 0, throwing)).rejects.toThrow('broken')
    async function* failing(): AsyncGenerator<never> {
      throw new Error('no database')
    }
    await expect(learnContent(failing(), 0)).rejects.toThrow('no database')
  })
})
