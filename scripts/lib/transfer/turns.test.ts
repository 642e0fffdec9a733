import { expect, it } from 'vitest'
import { createTurns, type Turn } from './turns.ts'

/** Work that ends when it is told to. */
function jobs(most: number) {
  const inTurn = createTurns(most)
  const begun: string[] = []
  const waiting = new Map<string, { turn: Turn; end(error?: Error): void }>()
  const add = (name: string, ...keys: string[]) =>
    inTurn(new Set(keys), (turn) => {
      begun.push(name)
      const { promise, resolve, reject } = Promise.withResolvers<string>()
      waiting.set(name, { turn, end: (error) => (error ? reject(error) : resolve(name)) })
      return promise
    })
  const job = (name: string) => waiting.get(name) ?? expect.fail(`${name} has not begun`)
  return { begun, add, job }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

it('runs so much at once, in the order of the calls', async () => {
  const { begun, add, job } = jobs(2)
  const all = ['a', 'b', 'c', 'd'].map((name) => add(name, name))
  await settled()
  expect(begun).toEqual(['a', 'b'])
  job('b').end()
  await settled()
  expect(begun).toEqual(['a', 'b', 'c'])
  for (const name of ['a', 'c']) job(name).end()
  await settled()
  job('d').end()
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd'])
})

it('begins after what shares a key with it, and nothing overtakes it meanwhile', async () => {
  const { begun, add, job } = jobs(3)
  const all = [add('a', 'x', 'y'), add('b', 'y'), add('c', 'z')]
  await settled()
  expect(begun).toEqual(['a'])
  job('a').end()
  await settled()
  expect(begun).toEqual(['a', 'b', 'c'])
  for (const name of ['b', 'c']) job(name).end()
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c'])
})

it('tells when the one before has passed on, or ended', async () => {
  const { add, job } = jobs(3)
  const all = [add('a', 'a'), add('b', 'b'), add('c', 'c')]
  await settled()
  const passed: string[] = []
  for (const name of ['a', 'b', 'c']) void job(name).turn.before.then(() => passed.push(name))
  await settled()
  expect(passed).toEqual(['a'])
  job('a').turn.passOn()
  await settled()
  expect(passed).toEqual(['a', 'b'])
  job('b').end()
  await settled()
  expect(passed).toEqual(['a', 'b', 'c'])
  for (const name of ['a', 'c']) job(name).end()
  await Promise.all(all)
})

it('does not begin what comes after work that failed', async () => {
  const { begun, add, job } = jobs(1)
  const all = [add('a', 'a'), add('b', 'b'), add('c', 'c')].map((each) => each.catch((error: Error) => error.message))
  await settled()
  job('a').end(new Error('the disk is full'))
  expect(await Promise.all(all)).toEqual(['the disk is full', 'the disk is full', 'the disk is full'])
  expect(begun).toEqual(['a'])
})
