import { customerIdOf } from '@quimbi/database/ids.ts'
import { UserErrors } from '@quimbi/service/errors.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { identify, type Owner } from './identity.ts'

const tenantId = '01a1fd30-0000-7000-8000-000000000001'
const path = ['input', 'externalRefs']
const ref = (externalId: string) => ({ source: 'shop', externalId })
const refs = [ref('1'), ref('2')]
const named = (customerId: string): Owner => ({ customerId, named: true })
const placeholder = (customerId: string): Owner => ({ customerId, named: false })

describe('identify', () => {
  it('derives the id of somebody new from the first reference, as Intelligence would', () => {
    const id = customerIdOf(tenantId, 'shop', '1')
    expect(identify(tenantId, refs, [], path)).toEqual({ id, known: false, named: false, absorb: [] })
  })

  it('gives somebody without references a new id each time', () => {
    const ids = [identify(tenantId, [], [], path).id, identify(tenantId, [], [], path).id]
    expect(new Set(ids).size).toBe(2)
  })

  it('finds one named owner, whatever the number of references', () => {
    const found = identify(tenantId, refs, [named('a'), named('a')], path)
    expect(found).toEqual({ id: 'a', known: true, named: true, absorb: [] })
  })

  it('prefers the named one to placeholders, which it absorbs', () => {
    const found = identify(tenantId, refs, [placeholder('b'), named('a'), placeholder('c'), placeholder('b')], path)
    expect(found).toEqual({ id: 'a', known: true, named: true, absorb: ['b', 'c'] })
  })

  it('adopts the first placeholder and absorbs the others', () => {
    const found = identify(tenantId, refs, [placeholder('b'), placeholder('c')], path)
    expect(found).toEqual({ id: 'b', known: true, named: false, absorb: ['c'] })
  })

  it('refuses two named owners', () => {
    const contradiction = expect.objectContaining({ errors: [expect.objectContaining({ code: 'CONFLICT', path })] })
    expect(() => identify(tenantId, refs, [named('a'), named('b')], path)).toThrow(contradiction)
  })

  it('loses nobody: every owner is either the one or absorbed, once', () => {
    const owner = fc.record({ customerId: fc.constantFrom('a', 'b', 'c', 'd'), number: fc.nat() })
    fc.assert(
      fc.property(fc.array(owner), fc.subarray(['a', 'b', 'c', 'd']), (some, namedIds) => {
        const owners = some.map(({ customerId }) => ({ customerId, named: namedIds.includes(customerId) }))
        const ids = new Set(owners.map(({ customerId }) => customerId))
        try {
          const found = identify(tenantId, refs, owners, path)
          expect([found.id, ...found.absorb].toSorted()).toEqual([...(ids.size > 0 ? ids : [found.id])].toSorted())
          expect(found.absorb.filter((id) => namedIds.includes(id))).toEqual([])
        } catch (error) {
          if (!(error instanceof UserErrors)) throw error
          expect([...ids].filter((id) => namedIds.includes(id)).length).toBeGreaterThan(1)
        }
      }),
    )
  })
})
