import { maskErrors } from '@quimbi/service/mask-errors.ts'
import { GraphQLError } from 'graphql'
import { expect, it } from 'vitest'
import { compose } from './compose.ts'
import { situation } from './situation.test-kit.ts'
import { createUnderWay } from './under-way.ts'

it('is shared by all who ask for the same, and begun anew once it is over', async () => {
  const { share } = createUnderWay<number>()
  const gate = Promise.withResolvers<number>()
  let begun = 0
  const start = () => {
    begun += 1
    return gate.promise
  }
  const both = [share('a', start), share('a', start)]
  gate.resolve(7)
  expect(await Promise.all(both)).toEqual([7, 7])
  expect(begun).toBe(1)
  await share('a', start)
  expect(begun).toBe(2)
})

it('is refused with a code when the process ends, and nobody is called out of bed for it', async () => {
  const { share, stop } = createUnderWay<unknown>()
  const generator = { name: 'hangs', write: () => new Promise<never>(() => {}) }
  const writing = share('a', (signal) =>
    compose(situation(), { tone: 'PROFESSIONAL', length: 'MEDIUM' }, { generator, signal }),
  )
  const failed = writing.catch((error: unknown) => error)
  await stop()
  const error = (await failed) as GraphQLError
  expect(error.extensions).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE', reason: 'SHUTTING_DOWN', retryable: true })

  const logged: unknown[] = []
  const note = (...all: unknown[]) => void logged.push(all)
  const format = maskErrors({ log: { debug: note, error: note }, requestId: () => 'r-1' })
  const shown = format(error.toJSON(), new GraphQLError(error.message, { originalError: error }))
  expect(shown.extensions).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE', reason: 'SHUTTING_DOWN' })
  expect(logged).toEqual([])
  format({ message: 'x' }, new Error('x'))
  expect(logged).toHaveLength(1)
})
