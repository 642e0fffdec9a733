import { describe, expect, it } from 'vitest'
import { decodeRevision, encodeRevision } from './revisions.ts'

describe('a revision', () => {
  it.each([
    { tenantId: 't', customerIds: ['a', 'b'] },
    { tenantId: 't', customerIds: null },
    { tenantId: null, customerIds: null },
  ])('arrives as it was sent: %j', (revision) => {
    expect(decodeRevision(encodeRevision(revision))).toEqual(revision)
  })

  it.each(['', 'x', '{}', '{"tenantId":1,"customerIds":[]}', '{"tenantId":"t"}'])(
    'that cannot be read concerns everybody: %s',
    (message) => {
      expect(decodeRevision(message)).toEqual({ tenantId: null, customerIds: null })
    },
  )
})
