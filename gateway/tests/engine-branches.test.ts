import { codedError } from '@quimbi/service/errors.ts'
import { describe, expect, it } from 'vitest'
import { anEngine } from './engine-kit.ts'

const query = (first: number) =>
  `query Named { items(first: ${first}) { ... on Book { popularity } } one { popularity } search { ... on Book { popularity } } }`

describe('the same question about entities at several places', () => {
  it('is one, and asks about each of them once', async () => {
    const { ask, asked } = await anEngine()
    const { data, errors } = await ask(query(4))
    expect(errors).toBeUndefined()
    const questions = asked.filter(({ service }) => service === 'charts')
    expect(questions.map(({ operation }) => operation.variables)).toEqual([
      { representations: ['b1', 'b3', 'b7'].map((id) => ({ __typename: 'Item', id })) },
    ])
    expect(data).toEqual({
      items: [{}, { popularity: 10 }, {}, { popularity: 30 }],
      one: { popularity: 30 },
      search: [{ popularity: 10 }, {}, null, {}, {}, null, { popularity: 70 }],
    })
  })

  it('fails at each of those places where something stands', async () => {
    const away = () => async () => {
      throw codedError('SUBGRAPH_UNAVAILABLE', 'The service cannot be reached', { retryable: true })
    }
    const { ask, asked } = await anEngine({ charts: away })
    const failed = async (first: number) => {
      const { errors } = await ask(query(first))
      return errors?.map(({ path }) => path?.join('.')).toSorted()
    }
    expect(await failed(4)).toEqual(['items', 'one.popularity', 'search'])
    expect(await failed(0)).toEqual(['one.popularity', 'search'])
    expect(asked.filter(({ service }) => service === 'charts')).toHaveLength(2)
  })
})
