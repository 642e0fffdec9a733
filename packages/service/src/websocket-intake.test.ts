import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createIntake } from './websocket-intake.ts'

/** A door of which a test says when a subscription has begun, and when it is over. */
function door(width: number) {
  const socket = { OPEN: 1 as const, readyState: 1 as 1 | 3, paused: false, pause: () => {}, resume: () => {} }
  socket.pause = () => void (socket.paused = true)
  socket.resume = () => void (socket.paused = false)
  const handled: string[] = []
  const begun = new Map<string, () => void>()
  const over = new Map<string, () => void>()
  const intake = createIntake({
    socket,
    width,
    async handle(text) {
      handled.push(text)
      const { type, id } = text.startsWith('{') ? (JSON.parse(text) as { type?: string; id?: string }) : {}
      if (type !== 'subscribe' || id === undefined) return
      begun.set(id, intake.begin())
      await new Promise<void>((resolve) => over.set(id, resolve))
    },
  })
  const take = (type: string, id?: string) => intake.take(JSON.stringify({ type, id }))
  const settle = async (of: Map<string, () => void>, id: string) => {
    of.get(id)?.()
    of.delete(id)
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
  }
  const names = () => handled.map((text) => text.replace(/\W+|type|id/g, ' ').trim())
  return {
    socket,
    intake,
    take,
    names,
    begun,
    over,
    begin: (id: string) => settle(begun, id),
    end: (id: string) => settle(over, id),
  }
}

it('reads no further while as many subscriptions as may are being begun', async () => {
  const { take, names, begin, socket } = door(2)
  for (const id of ['a', 'b', 'c']) take('subscribe', id)
  take('complete', 'c')
  take('ping')
  expect([names(), socket.paused]).toEqual([['subscribe   a', 'subscribe   b'], true])
  await begin('a')
  expect(names().slice(2)).toEqual(['subscribe   c', 'complete   c', 'ping'])
  expect(socket.paused).toBe(false)
})

it('makes no room for more by leaving what has not begun', async () => {
  const { take, names, begun, intake } = door(2)
  for (let n = 0; n < 1_000; n += 1) {
    take('subscribe', `n${n}`)
    take('complete', `n${n}`)
  }
  expect([begun.size, names().length, intake.size]).toEqual([2, 4, 0])
})

it('reads no further while as many answers as may have not left', () => {
  const { take, names, intake, socket } = door(2)
  const leave = [intake.answer(), intake.answer()]
  for (const type of ['ping', 'complete']) take(type)
  expect([names(), socket.paused]).toEqual([[], true])
  leave[0]?.()
  expect([names(), socket.paused]).toEqual([['ping', 'complete'], false])
})

it('keeps an id that comes again until all of what had it is over', async () => {
  const { take, names, begin, end, intake } = door(5)
  take('subscribe', 'a')
  take('complete', 'a')
  take('subscribe', 'a')
  expect(names()).toHaveLength(2)
  await begin('a')
  expect(names()).toHaveLength(2)
  await end('a')
  expect(names()).toHaveLength(3)
  expect(intake.size).toBe(1)
})

it('hands on what it does not understand, and an id that is used twice', () => {
  const { intake, take, names } = door(1)
  for (const text of ['', 'null', '7', '"text"', '[1]']) intake.take(text)
  take('complete', 'nobody')
  take('subscribe', 'a')
  expect(names()).toHaveLength(7)
  const wide = door(2)
  wide.take('subscribe', 'a')
  wide.take('subscribe', 'a')
  expect(wide.names()).toHaveLength(2)
})

it('forgets what waits when its socket has closed', async () => {
  const { take, names, begin, socket } = door(1)
  take('subscribe', 'a')
  take('subscribe', 'b')
  socket.readyState = 3
  await begin('a')
  expect([names().length, socket.paused]).toEqual([1, false])
})

it('hands on everything, in order, whatever comes and however it begins and ends', async () => {
  const step = fc.record({
    does: fc.constantFrom('subscribe', 'complete', 'begin', 'end'),
    id: fc.constantFrom('a', 'b', 'c', 'd'),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 3 }), async (steps, width) => {
      const { take, names, begin, end, begun, over, socket } = door(width)
      const taken: string[] = []
      const open = new Set<string>()
      for (const { does, id } of steps) {
        if (does === 'begin') await begin(id)
        else if (does === 'end') await (begun.has(id) ? undefined : end(id))
        // A client uses an id once at a time.
        else if (does === 'complete' ? open.delete(id) : !open.has(id) && open.add(id)) {
          take(does, id)
          taken.push(`${does}   ${id}`)
        }
        expect(begun.size).toBeLessThanOrEqual(width)
      }
      for (let turn = 0; turn < 200 && begun.size + over.size > 0; turn += 1) {
        for (const id of [...begun.keys()]) await begin(id)
        for (const id of [...over.keys()]) await end(id)
      }
      expect(names()).toEqual(taken)
      expect(socket.paused).toBe(false)
    }),
  )
})
