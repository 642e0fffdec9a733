import { parse } from 'graphql'
import { expect, it } from 'vitest'
import { undated } from './undated.ts'

it('finds what is deprecated without a day on which it goes', () => {
  const sdl = `
    type A {
      a: ID @deprecated
      b: ID @deprecated(reason: "Use c.")
      c: ID @deprecated(reason: "Use d. Goes on 2027-06-30.")
      d(e: ID @deprecated(reason: "Soon.")): ID
      f: ID @deprecated(reason: "Goes on 2027-13-01.")
    }
    enum E { G @deprecated(reason: "") H }`
  expect(undated(parse(sdl))).toEqual(['A.a', 'A.b', 'A.d.e', 'A.f', 'E.G'])
})
