import { randomUUID } from 'node:crypto'
import { isUuid } from '@quimbi/service/loaders.ts'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { timedId } from './record-ids.ts'

const instant = fc.date({ min: new Date(0), max: new Date('2199-12-31'), noInvalidDate: true })

it('is a UUID, the same for the same name and time, and another for any other', () => {
  const name = fc.record({ tenant: fc.uuid(), at: instant, source: fc.string(), id: fc.string() })
  const idOf = ({ tenant, at, source, id }: { tenant: string; at: Date; source: string; id: string }) =>
    timedId(tenant, at, source, id)
  fc.assert(
    fc.property(name, name, (one, other) => {
      expect(isUuid(idOf(one))).toBe(true)
      expect(idOf(one)).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
      expect(idOf({ ...one })).toBe(idOf(one))
      if (JSON.stringify(one) !== JSON.stringify(other)) expect(idOf(other)).not.toBe(idOf(one))
    }),
  )
  expect(timedId('t', new Date(0), 'ab', 'c')).not.toBe(timedId('t', new Date(0), 'a', 'bc'))
})

it('has the order of time', () => {
  const tenant = randomUUID()
  fc.assert(
    fc.property(instant, instant, (a, b) => {
      const [first, second] = a <= b ? [a, b] : [b, a]
      if (first.getTime() === second.getTime()) return
      expect(timedId(tenant, first, 'x') < timedId(tenant, second, 'a')).toBe(true)
    }),
  )
})
