import { newId } from '@quimbi/database/ids.ts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Generator } from '../src/assistant/written.ts'
import { customerOf, draftsOf, modelOf, ticketOf, told, written } from './drafts-kit.ts'
import { anOrder, openWorld, startOfTime, type World } from './kit.ts'

let world: World
let write: Generator['write']
beforeAll(async () => {
  // Longer than the test takes: the built-in writer is not to answer in the model's stead.
  world = await openWorld({ model: modelOf((...all) => write(...all)), draftWaitMs: 60_000 })
})
afterAll(() => world.close())

/** A draft that the model is writing until it is told to end. */
async function writing() {
  const tenantId = newId()
  await world.ingest(tenantId, [anOrder()])
  const [begun, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  write = async () => {
    begun.resolve()
    await end.promise
    return written('Thank you for your question.')
  }
  const asked = draftsOf(world, tenantId, [ticketOf(tenantId, told('Do you sell oak lamps?'))])
  await begun.promise
  return { tenantId, asked, end: () => end.resolve() }
}
const kept = (tenantId: string) => world.rows('SELECT id FROM draft WHERE tenant_id = $1', tenantId)
const erased = (tenantId: string) => ({
  ...{ tenantId, type: 'customer.erased' as const, occurredAt: new Date(startOfTime) },
  payload: { customerId: customerOf(tenantId) },
})

describe('a draft of somebody who is erased while it is written', { timeout: 120_000 }, () => {
  it('is not kept where the erasure came first', async () => {
    const { tenantId, asked, end } = await writing()
    await world.hear(erased(tenantId))
    end()
    expect(await asked).toMatchObject({ drafts: [null], codes: ['NOT_FOUND'] })
    expect(await kept(tenantId)).toEqual([])
  })

  it('waits for an erasure that is under way, and is not kept then', async () => {
    const { tenantId, asked, end } = await writing()
    const eraser = await world.database.systemPool.connect()
    try {
      await eraser.query('BEGIN')
      const whom = [tenantId, customerOf(tenantId)]
      await eraser.query('SELECT 1 FROM customer WHERE tenant_id = $1 AND id = $2 FOR UPDATE', whom)
      end()
      await vi.waitFor(
        async () =>
          expect(
            await world.rows(`SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid)
              WHERE NOT granted AND datname = current_database()`),
          ).toHaveLength(1),
        { timeout: 60_000 },
      )
      await eraser.query('DELETE FROM draft WHERE tenant_id = $1 AND customer_id = $2', whom)
      await eraser.query('DELETE FROM customer WHERE tenant_id = $1 AND id = $2', whom)
      await eraser.query('COMMIT')
    } finally {
      eraser.release()
    }
    expect(await asked).toMatchObject({ drafts: [null], codes: ['NOT_FOUND'] })
    expect(await kept(tenantId)).toEqual([])
  })

  it('goes with them where it was kept first', async () => {
    const { tenantId, asked, end } = await writing()
    end()
    expect((await asked).drafts).toMatchObject([{ generator: 'test-model' }])
    expect(await kept(tenantId)).toHaveLength(1)
    await world.hear(erased(tenantId))
    expect(await kept(tenantId)).toEqual([])
  })
})
