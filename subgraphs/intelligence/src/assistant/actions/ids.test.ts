import { newId } from '@quimbi/database/ids.ts'
import { encodeCursor } from '@quimbi/service/cursors.ts'
import { describe, expect, it } from 'vitest'
import { actionId, readActionId, revisionOf } from './ids.ts'

const revision = revisionOf('a')

describe('an advised action’s id', () => {
  it('says which advice it is, and is the same for the same', () => {
    for (const customerId of [newId(), null])
      for (const ticketId of [newId(), null]) {
        const advised = { kind: 'refund', customerId, ticketId, revision } as const
        expect(readActionId(actionId(advised))).toEqual(advised)
        expect(actionId({ ...advised })).toBe(actionId(advised))
      }
    expect(revisionOf('a', 'b')).not.toBe(revisionOf('ab'))
  })

  it.each([
    ['', 'nonsense', encodeCursor(['refund', '', ''])],
    [encodeCursor(['bribe', '', '', revision]), encodeCursor(['draft', '', '', revision])],
    [encodeCursor(['refund', 'C-1', '', revision]), encodeCursor(['refund', '', 'T-1', revision])],
    [
      encodeCursor(['refund', '', '', '']),
      encodeCursor(['refund', '', '', `${revision} `]),
      encodeCursor(['refund', '', '', 1]),
    ],
  ])('is none of these: %j', (...ids) => {
    expect(ids.map(readActionId)).toEqual(ids.map(() => null))
  })
})
