import { parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { compose } from './compose.ts'

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@inaccessible"])`
const subgraph = (name: string, sdl: string) => ({ name, typeDefs: parse(`${link} ${sdl}`) })

const support = subgraph(
  'support',
  `type Query { "The inbox." inbox: [Customer!]! } "A person." type Customer @key(fields: "id") { id: ID! secret: Int @inaccessible }`,
)
const intelligence = (churn: string) =>
  subgraph('intelligence', `type Customer @key(fields: "id") { id: ID! "How likely they leave." churn: ${churn} }`)

describe('composition', () => {
  it('gives the supergraph with neutral addresses and the API without what is inaccessible', () => {
    const { problems, supergraph, api } = compose([support, intelligence('Float')])
    expect(problems).toEqual([])
    expect(supergraph).toContain('@join__graph(name: "intelligence", url: "http://intelligence/graphql")')
    expect(api).toContain(
      '"""A person."""\ntype Customer {\n  """How likely they leave."""\n  churn: Float\n  id: ID!\n}',
    )
    expect(api).not.toMatch(/secret|join__|@key/)
  })

  it('reports what does not compose', () => {
    const { problems, api } = compose([support, intelligence('Missing')])
    expect(problems).toEqual([expect.stringContaining('Missing')])
    expect(api).toBeNull()
  })

  it('reports hints unless they are allowed', () => {
    const money = (name: string, description: string) =>
      subgraph(name, `type Query { ${name}: Money } "${description}" type Money @shareable { amount: Int }`)
    const subgraphs = [money('a', 'One.'), money('b', 'Two.')]
    expect(compose(subgraphs).problems).toEqual([expect.stringContaining('hint INCONSISTENT_DESCRIPTION')])
    expect(compose(subgraphs, new Set(['INCONSISTENT_DESCRIPTION'])).problems).toEqual([])
  })
})
