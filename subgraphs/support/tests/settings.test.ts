import { prepareJobs } from '@quimbi/database/jobs.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configOf } from '../src/tenants/config.ts'
import { openSupport, refusal, type TestSupport } from './kit.ts'

let support: TestSupport
beforeAll(async () => {
  support = await openSupport()
  await prepareJobs(support.url)
})
afterAll(() => support.close())

const settings = `{ scoringFormula { version ageCurve weights } undoSendSeconds reopenWindowDays vipFromLifetimeValue brand signature
  locale autoTriage aiDrafts aiRecommendations demoMode messageRetentionDays eventRetentionDays }`
const read = `{ viewer { tenant { settings ${settings} } } }`
const change = `mutation ($input: TenantSettingsInput!) {
  updateTenantSettings(input: $input) { tenant { settings ${settings} } userErrors { code path } }
}`

async function setting() {
  const tenant = await support.aTenant()
  return { tenant, ask: await support.asAgent(await support.anAgent(tenant, { role: 'MANAGER' })) }
}
const trail = (tenantId: string) =>
  support.asOwner<{ changes: { field: string }[] }>(
    `SELECT changes FROM audit_entry WHERE tenant_id = $1 AND action = 'tenant.settings_changed' ORDER BY id`,
    [tenantId],
  )
const rescores = (tenantId: string) =>
  support.asOwner(`SELECT 1 FROM graphile_worker.jobs WHERE task_identifier = 'support.rescore' AND key LIKE $1`, [
    `${tenantId}:%`,
  ])

const first = {
  undoSendSeconds: 15,
  reopenWindowDays: 14,
  vipFromLifetimeValue: null,
  signature: null,
  locale: 'en',
  autoTriage: true,
  aiDrafts: true,
  aiRecommendations: true,
  demoMode: false,
  messageRetentionDays: null,
  eventRetentionDays: 365,
}

describe('the settings', () => {
  it('are there from the beginning, the brand being the name', async () => {
    const { tenant, ask } = await setting()
    const { data, errors } = await ask(read)
    expect(errors).toEqual([])
    const formula = { version: 'default', ageCurve: 'LINEAR_DAYS', weights: expect.objectContaining({ churnRisk: 3 }) }
    const all = { ...first, brand: tenant.name, scoringFormula: formula }
    expect(data).toEqual({ viewer: { tenant: { settings: all } } })
  })

  it('change as far as they are given, are decided by at once, and leave a trail', async () => {
    const { tenant, ask } = await setting()
    const db = support.database.forTenant(tenant.id)
    await configOf(db, tenant.id)
    const input = {
      undoSendSeconds: 0,
      reopenWindowDays: 365,
      brand: ' Sommer ',
      signature: 'Yours\nSommer',
      locale: 'de-CH',
      autoTriage: false,
      aiDrafts: false,
      aiRecommendations: false,
      demoMode: true,
      messageRetentionDays: 3_650,
      eventRetentionDays: 1,
    }
    const { data, errors } = await ask(change, { input })
    expect(errors).toEqual([])
    expect(data).toMatchObject({
      updateTenantSettings: { tenant: { settings: { ...input, brand: 'Sommer' } }, userErrors: [] },
    })
    const { tenant: known } = await configOf(db, tenant.id)
    expect(known).toMatchObject({ undoSendSeconds: 0, brand: 'Sommer' })
    const [entry] = await trail(tenant.id)
    expect(entry!.changes.map(({ field }) => field).toSorted()).toEqual(Object.keys(input).toSorted())
    expect(await rescores(tenant.id)).toEqual([])
    // Null clears what may be empty, and is like left out elsewhere.
    const nothing = Object.fromEntries(Object.keys(input).map((field) => [field, null]))
    const cleared = await ask(change, { input: nothing })
    const after = { ...input, brand: tenant.name, signature: null, messageRetentionDays: null }
    expect(cleared.data).toMatchObject({ updateTenantSettings: { tenant: { settings: after }, userErrors: [] } })
    await ask(change, { input: nothing })
    expect(await trail(tenant.id)).toHaveLength(2)
  })

  it.each([
    [
      'formula',
      { scoringFormulaVersion: 'SEED_V1' },
      { scoringFormula: { version: 'SEED_V1', ageCurve: 'INVERSE_HOURS' } },
    ],
    ['weights', { scoringWeights: { churnRisk: 4 } }, { scoringFormula: { weights: { churnRisk: 4, urgency: 1.5 } } }],
    ['VIP threshold', { vipFromLifetimeValue: '1000.5' }, { vipFromLifetimeValue: '1000.5' }],
  ])('with another %s rank the inbox anew', async (_, input, after) => {
    const { tenant, ask } = await setting()
    const { data } = await ask(change, { input })
    expect(data).toMatchObject({ updateTenantSettings: { tenant: { settings: after }, userErrors: [] } })
    expect(await rescores(tenant.id)).toHaveLength(1)
  })

  it('forget own weights and the threshold by null', async () => {
    const { ask } = await setting()
    await ask(change, { input: { scoringWeights: { churnRisk: 4 }, vipFromLifetimeValue: '1' } })
    const { data } = await ask(change, { input: { scoringWeights: null, vipFromLifetimeValue: null } })
    const after = { scoringFormula: { weights: { churnRisk: 3 } }, vipFromLifetimeValue: null }
    expect(data).toMatchObject({ updateTenantSettings: { tenant: { settings: after } } })
  })

  it.each([
    ['INVALID', 'scoringFormulaVersion', 'SEED_V9'],
    ['INVALID', 'scoringWeights', [1]],
    ['INVALID', 'undoSendSeconds', -1],
    ['INVALID', 'undoSendSeconds', 121],
    ['INVALID', 'reopenWindowDays', -1],
    ['INVALID', 'reopenWindowDays', 366],
    ['INVALID', 'messageRetentionDays', 0],
    ['INVALID', 'messageRetentionDays', 3_651],
    ['INVALID', 'eventRetentionDays', 0],
    ['INVALID', 'eventRetentionDays', 3_651],
    ['INVALID', 'vipFromLifetimeValue', '-1'],
    ['INVALID', 'vipFromLifetimeValue', '1.005'],
    ['INVALID', 'vipFromLifetimeValue', '1000000000000'],
    ['TOO_LONG', 'brand', 'x'.repeat(201)],
    ['INVALID', 'brand', 'a\u0000b'],
    ['TOO_LONG', 'signature', 'x'.repeat(2_001)],
    ['INVALID', 'locale', 'no language'],
    ['INVALID', 'locale', ''],
    ['INVALID', 'locale', 'a\u0000'],
  ])('are refused with %s at %s: %j', async (code, field, value) => {
    const { tenant, ask } = await setting()
    const { data, errors } = await ask(change, { input: { demoMode: true, [field]: value } })
    expect([errors, data]).toEqual([
      [],
      { updateTenantSettings: { tenant: null, userErrors: refusal(code, 'input', field) } },
    ])
    expect(await trail(tenant.id)).toEqual([])
  })

  it('name the weight that is wrong', async () => {
    const { ask } = await setting()
    const { data } = await ask(change, { input: { scoringWeights: { churnRisk: 101 } } })
    const userErrors = refusal('INVALID', 'input', 'scoringWeights', 'churnRisk')
    expect(data).toMatchObject({ updateTenantSettings: { userErrors } })
  })
})
