import type { SubgraphCall } from '@quimbi/gateway/subgraph-calls.ts'
import { describe, expect, it } from 'vitest'
import { anEngine, neverAnswering } from './engine-kit.ts'

const query = 'query ($n: Int) { items(first: $n) { id ... on Book { popularity } } }'

const count = (asked: readonly { service: string }[], name: string) =>
  asked.filter(({ service }) => service === name).length

describe('those who ask the same at the same time', () => {
  it('wait for one answer, and share no part of it', async () => {
    const { ask, asked } = await anEngine()
    const [first, second] = await Promise.all([ask(query, { n: 3 }), ask(query, { n: 3 })])
    expect(count(asked, 'catalogue')).toBe(1)
    expect(count(asked, 'charts')).toBe(1)
    expect(first).toEqual(second)
    const extra = '{ search { ... on Author { extra } } }'
    const [one, other] = await Promise.all([ask(extra), ask(extra)])
    const authorOf = ({ data }: typeof one) => (data as { search: { extra: object }[] }).search[1]?.extra
    expect(authorOf(one)).toEqual(authorOf(other))
    expect(authorOf(one)).not.toBe(authorOf(other))
  })

  it('ask for themselves with other variables, as somebody else, or from elsewhere', async () => {
    const { ask, asked } = await anEngine()
    await Promise.all([
      ask(query, { n: 3 }),
      ask(query, { n: 4 }),
      ask(query, { n: 3 }, { facts: { authorization: 'Bearer a' } }),
      ask(query, { n: 3 }, { facts: { authorization: 'Bearer b' } }),
      ask(query, { n: 3 }, { facts: { address: '10.0.0.1' } }),
      ask(query, { n: 3 }, { facts: { tenantId: 'acme', caller: 'support' } }),
    ])
    expect(count(asked, 'catalogue')).toBe(6)
  })

  it('never share a mutation', async () => {
    const { ask, asked } = await anEngine()
    const rename = 'mutation { rename(id: "b1", title: "new") { title } }'
    await Promise.all([ask(rename), ask(rename)])
    expect(count(asked, 'catalogue')).toBe(2)
  })

  it('ask again once the answer is there', async () => {
    const { ask, asked } = await anEngine()
    await ask(query, { n: 3 })
    await ask(query, { n: 3 })
    expect(count(asked, 'catalogue')).toBe(2)
  })

  it('get a failure alike, and the next one asks again', async () => {
    let failures = 1
    const failing =
      (next: SubgraphCall): SubgraphCall =>
      async (...asked) => {
        if (failures-- > 0) throw new Error('once')
        return next(...asked)
      }
    const { ask } = await anEngine({ catalogue: failing })
    const both = await Promise.all([ask('{ one { id } }'), ask('{ one { id } }')])
    expect(both.map(({ errors }) => errors?.length)).toEqual([1, 1])
    expect((await ask('{ one { id } }')).data).toEqual({ one: { id: 'b3' } })
  })

  it('may leave: who stays is answered, and the last to leave calls it off', async () => {
    const { call, reached, calledOff } = neverAnswering()
    const clients = [new AbortController(), new AbortController()] as const
    const { ask, asked } = await anEngine({ catalogue: () => call })
    const answers = clients.map(({ signal }) => ask('{ one { id } }', {}, { signal }))
    await reached
    clients[0].abort()
    await answers[0]
    expect(asked[0]?.signal?.aborted).toBe(false)
    clients[1].abort()
    await calledOff
    await answers[1]
    expect(asked).toHaveLength(1)
  })

  it('do not, where that is switched off', async () => {
    const { ask, asked } = await anEngine({}, { coalesce: false })
    await Promise.all([ask(query, { n: 3 }), ask(query, { n: 3 })])
    expect(count(asked, 'catalogue')).toBe(2)
  })
})
