import { newId } from '@quimbi/database/ids.ts'
import type { Facts } from '@quimbi/service/authenticate.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aKey, openHooks, openHookWorld } from './insight-webhooks-kit.ts'
import { anOrder, type World } from './kit.ts'
import { change, keysOf } from './keys-kit.ts'
import { keepModels } from './models-kit.ts'

let world: World
beforeAll(async () => void (world = await openHookWorld()))
afterAll(() => world.close())

/** What Support will hear for the tenant's audit trail. */
const recorded = (tenantId: string) => world.told(tenantId, 'audit.recorded')

const run = async (mutation: string, input: object, facts: Partial<Facts>) => {
  const { data, codes } = await world.ask<Record<string, { userErrors: object[] }>>(mutation, { input }, facts)
  expect([codes, Object.values(data ?? {}).flatMap(({ userErrors }) => userErrors)]).toEqual([[], []])
}

describe('the audit trail hears', () => {
  it('who made, replaced and revoked a key, and never the key', async () => {
    const tenantId = newId()
    const manager = await world.agent(tenantId)
    const made = await change(world, 'create', { name: 'Newsletter', scopes: ['ingest'] }, manager)
    const next = await change(world, 'rotate', { id: made.id }, manager)
    await change(world, 'revoke', { id: made.id }, manager)
    await change(world, 'revoke', { id: made.id }, manager) // nothing changes any more

    const all = await recorded(tenantId)
    expect(all).toMatchObject([
      {
        action: 'api_key.created',
        subjectType: 'ApiKey',
        subjectId: made.id,
        doer: { kind: 'agent', agentId: expect.any(String) as string },
        changes: [
          { field: 'name', from: null, to: 'Newsletter' },
          { field: 'scopes', from: null, to: ['ingest'] },
          { field: 'requestsPerMinute', from: null, to: 1_000 },
        ],
      },
      {
        action: 'api_key.rotated',
        subjectId: made.id,
        changes: [{ field: 'expiresAt' }, { field: 'replacedById', from: null, to: next.id }],
      },
      { action: 'api_key.revoked', subjectId: made.id, changes: [{ field: 'revokedAt', from: null }] },
    ])
    const text = JSON.stringify(all)
    for (const { key } of [made, next]) expect(text).not.toContain(key!.slice('qk_live_'.length))
  })

  it('nothing of a change that was refused', async () => {
    const tenantId = newId()
    await change(world, 'create', { name: '', scopes: ['ingest'] }, await world.agent(tenantId))
    await change(world, 'create', { name: 'Newsletter', scopes: ['ingest'] }, await world.agent(tenantId, 'AGENT'))
    expect(await recorded(tenantId)).toEqual([])
  })

  it('of a key made by command that it was the service', async () => {
    const keys = keysOf(world)
    await keys.create()
    expect(await recorded(keys.tenantId)).toMatchObject([{ doer: { kind: 'service', service: 'intelligence' } }])
  })

  it('who added, changed and removed a webhook, also by a key, and never its secret', async () => {
    const hooks = await openHooks(world)
    const { apiKey, id: keyId } = await aKey(world, hooks.tenantId)
    const saved = await hooks.save({}, { apiKey })
    const changed = await hooks.save({ id: saved.id, isActive: false, rotateSecret: true })
    await hooks.save({ id: saved.id, isActive: false }) // the same again
    await hooks.remove(saved.id)

    const all = (await recorded(hooks.tenantId)).filter(({ subjectType }) => subjectType === 'InsightWebhook')
    expect(all).toMatchObject([
      { action: 'insight_webhook.created', subjectId: saved.id, doer: { kind: 'partner', keyId } },
      { action: 'insight_webhook.updated', changes: [{ field: 'isActive', from: true, to: false }] },
      { action: 'insight_webhook.secret_rotated', changes: [], doer: { kind: 'agent' } },
      { action: 'insight_webhook.deleted', subjectId: saved.id },
    ])
    const text = JSON.stringify(all)
    for (const { secret } of [saved, changed]) expect(text).not.toContain(secret.slice('whsec_'.length))
    await hooks.close()
  })

  it('who gave a model another role, and who changed the settings, when they differ', async () => {
    const tenantId = newId()
    await world.ingest(tenantId, [anOrder()])
    const manager = await world.agent(tenantId)
    const { id } = await keepModels(world, tenantId, { role: 'CHALLENGER' })
    const promote = 'mutation ($input: PromoteModelInput!) { promoteModel(input: $input) { userErrors { code } } }'
    for (const _ of [1, 2]) await run(promote, { modelId: id, role: 'CHAMPION' }, manager)
    const save =
      'mutation ($input: IntelligenceSettingsInput!) { saveIntelligenceSettings(input: $input) { userErrors { code } } }'
    for (const _ of [1, 2]) await run(save, { churnHorizonDays: 60, retrainSchedule: 'off' }, manager)

    expect(await recorded(tenantId)).toMatchObject([
      {
        action: 'model.role_changed',
        subjectId: id,
        changes: [
          { field: 'role', from: 'CHALLENGER', to: 'CHAMPION' },
          { field: 'trafficShare', from: 0, to: 1 },
        ],
      },
      {
        action: 'intelligence.settings_changed',
        subjectType: 'IntelligenceSettings',
        changes: [
          { field: 'churnHorizonDays', from: null, to: 60 },
          { field: 'retrainSchedule', from: null, to: 'off' },
        ],
      },
    ])
  })
})
