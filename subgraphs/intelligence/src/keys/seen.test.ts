import { buildSchema, graphql } from 'graphql'
import { describe, expect, it } from 'vitest'
import { createCustomersSeen } from './seen.ts'

const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`

const sdl = /* GraphQL */ `
  type Query {
    customer(customerId: ID!): Customer
    customers: [Customer]!
    page: Page!
    scores: [CustomerScore!]!
    advice(customerId: ID, input: Advised): String
    analysis(input: Advised!): Analysis!
    other: String
  }
  input Advised {
    customerId: ID
  }
  type Customer {
    id: ID!
    risk: Float
    friend: Customer
  }
  type Page {
    edges: [Edge!]!
  }
  type Edge {
    node: Customer!
  }
  type CustomerScore {
    customerId: ID!
    score: Float!
  }
  type Analysis {
    customerId: ID!
  }
`
const root = {
  customer: async ({ customerId }: { customerId: string }) =>
    customerId === id(9) ? null : { id: customerId, risk: 0.5 },
  customers: () => [{ id: id(1) }, null, Promise.resolve({ id: id(2), friend: () => ({ id: id(3) }) })],
  page: { edges: [{ node: { id: id(4) } }, { node: { id: id(5).toUpperCase() } }] },
  scores: [{ customerId: id(6), score: 1 }],
  advice: ({ customerId }: { customerId?: string }) => (customerId === id(9) ? null : 'buy'),
  analysis: ({ input }: { input: object }) => input,
  other: 'nothing',
}

/** Whom a query was about. */
async function seenBy(source: string): Promise<string[]> {
  const schema = buildSchema(sdl)
  const seen = createCustomersSeen()
  seen.observe(schema)
  const contextValue = {}
  const { errors } = await graphql({ schema, source, rootValue: root, contextValue })
  expect(errors).toBeUndefined()
  return [...seen.of(contextValue)].toSorted()
}

describe('whom an answer is about', () => {
  it('is known without the id being asked for', async () => {
    expect(await seenBy(`{ customer(customerId: "${id(1)}") { risk } }`)).toEqual([id(1)])
    expect(await seenBy('{ customers { risk friend { risk } } }')).toEqual([id(1), id(2), id(3)])
    expect(await seenBy('{ page { edges { node { __typename } } } scores { score } }')).toEqual([id(4), id(5), id(6)])
  })

  it('is whom advice was asked about by name', async () => {
    expect(await seenBy(`{ a: advice(customerId: "${id(1)}") b: advice(input: { customerId: "${id(2)}" }) }`)).toEqual([
      id(1),
      id(2),
    ])
  })

  it('is nobody where nobody was found, and not who was only passed in', async () => {
    expect(await seenBy(`{ customer(customerId: "${id(9)}") { id } advice(customerId: "${id(9)}") other }`)).toEqual([])
    expect(await seenBy(`{ analysis(input: { customerId: "${id(1)}" }) { customerId } }`)).toEqual([])
    expect(await seenBy('{ customer(customerId: "no-uuid") { id } }')).toEqual([])
  })

  it('does not mix requests', async () => {
    const seen = createCustomersSeen()
    const schema = buildSchema(sdl)
    seen.observe(schema)
    const [one, other] = [{}, {}]
    await graphql({ schema, source: '{ scores { score } }', rootValue: root, contextValue: one })
    expect([seen.of(one).size, seen.of(other).size]).toEqual([1, 0])
  })
})
