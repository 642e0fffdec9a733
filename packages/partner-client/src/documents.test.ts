import { readFileSync } from 'node:fs'
import { buildSchema, isObjectType } from 'graphql'
import { expect, it } from 'vitest'
import { generatingFields, idempotentMutations } from './documents.ts'

const sdl = readFileSync(new URL('../../../schema/partner.graphql', import.meta.url), 'utf8')
const schema = buildSchema(sdl, { assumeValidSDL: true })

it('what has a text written is what the contract prices at 50', () => {
  const priced = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap((type) => Object.values(type.getFields()))
    .filter(({ astNode }) =>
      astNode?.directives?.some(
        ({ name, arguments: [weight] = [] }) =>
          name.value === 'cost' && weight?.value.kind === 'IntValue' && weight.value.value === '50',
      ),
    )
    .map(({ name }) => name)
  expect(new Set(priced)).toEqual(generatingFields)
})

it('what may be repeated is in the contract', () => {
  const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {})
  expect([...idempotentMutations].filter((name) => !mutations.includes(name))).toEqual([])
})
