import { newId } from '@quimbi/database/ids.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, saved, type World } from './kit.ts'

let world: World
beforeAll(async () => void (world = await openWorld()))
afterAll(() => world.close())

describe('many customers at once', () => {
  const query = 'query ($ids: [ID!]!) { customerInsights(customerIds: $ids) { id } }'
  const ask = async (tenantId: string, ids: readonly string[]) => {
    const { data, codes } = await world.ask<{ customerInsights: unknown }>(
      query,
      { ids },
      await world.agent(tenantId, 'AGENT'),
    )
    return data ? data.customerInsights : codes
  }

  it('come in the order that was asked, null where nobody is known', async () => {
    const [tenantId, a, b] = [newId(), newId(), newId()]
    await world.hear(saved(tenantId, a), saved(tenantId, b))
    const ids = [b, newId(), 'X', a.toUpperCase(), b]
    expect(await ask(tenantId, ids)).toEqual([{ id: b }, null, null, { id: a }, { id: b }])
    expect(await ask(newId(), [a])).toEqual([null])
    expect(await ask(tenantId, [])).toEqual([])
  })

  it('are at most 100', async () => {
    expect(
      await ask(
        newId(),
        Array.from({ length: 101 }, () => newId()),
      ),
    ).toEqual(['BAD_USER_INPUT'])
  })
})
