import { expect, it } from 'vitest'
import { createTurns } from './turns.ts'

it('gives way once it has taken eight milliseconds, and keeps the order', async () => {
  let ms = 0
  const done: string[] = []
  const inTurn = createTurns(
    () => ms,
    async () => void done.push('rest'),
  )
  const work = (name: string, takes: number) =>
    inTurn(() => {
      ms += takes
      done.push(name)
      return name
    })
  const all = [work('a', 3), work('b', 4), work('c', 5), work('d', 20), work('e', 1), work('f', 1)]
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
  expect(done).toEqual(['rest', 'a', 'b', 'c', 'rest', 'd', 'rest', 'e', 'f'])
})

it('goes on after what fails', async () => {
  const inTurn = createTurns()
  const failed = inTurn(() => {
    throw new Error('no')
  })
  const next = inTurn(() => 1)
  await expect(failed).rejects.toThrow('no')
  expect(await next).toBe(1)
})
