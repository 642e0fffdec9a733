import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSupport, refusal, type TestSupport } from './kit.ts'

let support: TestSupport
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())

const fields = 'id kind name text maxCompensation { amount currencyCode } maxDiscountPercent isActive'
const save = `mutation ($input: SavePolicyInput!) { savePolicy(input: $input) { policy { ${fields} } userErrors { code path } } }`
const list = `{ policies { ${fields} } }`
const refund = { kind: 'REFUND', name: 'Refunds', text: 'Within 30 days.' }
type Saved = { savePolicy: { policy: { id: string } | null; userErrors: { code: string }[] } }

async function setting() {
  const tenant = await support.aTenant()
  return { tenant, ask: await support.asAgent(await support.anAgent(tenant, { role: 'MANAGER' })) }
}
const trail = (tenantId: string) =>
  support.asOwner('SELECT action, changes FROM audit_entry WHERE tenant_id = $1 AND subject_type = $2 ORDER BY id', [
    tenantId,
    'policy',
  ])

describe('a policy', () => {
  it('is added, replaced as a whole, and listed by kind, with money in the tenant’s currency', async () => {
    const { tenant, ask } = await setting()
    const limits = { maxCompensation: '25.50', maxDiscountPercent: 12.5 }
    const { data } = await ask<Saved>(save, { input: { ...refund, ...limits } })
    const { id } = data!.savePolicy.policy!
    const money = { amount: '25.5', currencyCode: 'EUR' }
    expect(data!.savePolicy).toEqual({
      policy: { ...refund, id, maxCompensation: money, maxDiscountPercent: 12.5, isActive: true },
      userErrors: [],
    })
    await ask(save, { input: { ...refund, kind: 'DISCOUNT' } })
    const after = { ...refund, id, text: 'Within 14 days.', isActive: false }
    await ask(save, { input: after })
    const { data: listed } = await ask<{ policies: { kind: string }[] }>(list)
    expect(listed!.policies.map(({ kind }) => kind)).toEqual(['DISCOUNT', 'REFUND'])
    expect(listed!.policies[1]).toEqual({ ...after, maxCompensation: null, maxDiscountPercent: null })
    expect(await trail(tenant.id)).toMatchObject([
      { action: 'policy.created' },
      { action: 'policy.created' },
      {
        action: 'policy.changed',
        changes: [
          { field: 'text', from: 'Within 30 days.', to: 'Within 14 days.' },
          { field: 'maxCompensation', from: '25.5', to: null },
          { field: 'maxDiscountPercent', from: 12.5, to: null },
          { field: 'isActive', from: true, to: false },
        ],
      },
    ])
  })

  it.each([
    ['REQUIRED', 'name', { name: ' ' }],
    ['TOO_LONG', 'name', { name: 'x'.repeat(201) }],
    ['REQUIRED', 'text', { text: '' }],
    ['TOO_LONG', 'text', { text: 'x'.repeat(20_001) }],
    ['INVALID', 'maxCompensation', { maxCompensation: '-0.01' }],
    ['INVALID', 'maxCompensation', { maxCompensation: '0.001' }],
    ['INVALID', 'maxCompensation', { maxCompensation: '1000000000000' }],
    ['INVALID', 'maxDiscountPercent', { maxDiscountPercent: -0.1 }],
    ['INVALID', 'maxDiscountPercent', { maxDiscountPercent: 100.1 }],
    ['NOT_FOUND', 'id', { id: 'x' }],
    ['NOT_FOUND', 'id', { id: crypto.randomUUID() }],
  ])('is refused with %s at %s', async (code, field, wrong) => {
    const { tenant, ask } = await setting()
    const { data, errors } = await ask(save, { input: { ...refund, ...wrong } })
    expect([errors, data]).toEqual([[], { savePolicy: { policy: null, userErrors: refusal(code, 'input', field) } }])
    expect(await trail(tenant.id)).toEqual([])
  })

  it('is another tenant’s to see and change as little as anything', async () => {
    const [mine, theirs] = [await setting(), await setting()]
    const { id } = (await theirs.ask<Saved>(save, { input: refund })).data!.savePolicy.policy!
    const { data } = await mine.ask<Saved>(save, { input: { ...refund, id } })
    expect(data!.savePolicy.userErrors).toEqual(refusal('NOT_FOUND', 'input', 'id'))
    expect((await mine.ask(list)).data).toEqual({ policies: [] })
  })
})
