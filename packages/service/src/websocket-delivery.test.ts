import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import { afterEach, expect, it, vi } from 'vitest'
import { createChannel } from './channel.ts'
import { textOf } from './result-text.ts'
import type { Results } from './subscriptions.ts'
import { answerPings, delivered, delivery } from './websocket-delivery.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** A WebSocket's two ends. */
async function pair() {
  const server: Server = createServer()
  const sockets = new WebSocketServer({ noServer: true, autoPong: false })
  const opened = Promise.withResolvers<{ socket: WebSocket; raw: Duplex }>()
  server.on('upgrade', (request, raw, head) =>
    sockets.handleUpgrade(request, raw, head, (socket) => opened.resolve({ socket, raw })),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => new Promise((resolve) => server.close(resolve)))
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  ends.push(() => client.terminate())
  const heard: { id: string; type: string; payload: { data: { n: number; text: string } } }[] = []
  client.on('message', (data) => heard.push(JSON.parse(String(data))))
  await new Promise((resolve) => client.once('open', resolve))
  return { client, heard, ...(await opened.promise) }
}

const result = (n: number, text = 'é') => ({ data: { n, text } })
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 10_000, interval: 5 })

it('writes a result once for all whom it is told', () => {
  const [one, alike] = [result(1), result(1)]
  const toJSON = vi.fn(() => ({ n: 1 }))
  const shared = { data: { toJSON } }
  expect(textOf(shared)).toBe(textOf(shared))
  expect(toJSON).toHaveBeenCalledTimes(1)
  expect(textOf(one)).not.toBe(textOf(alike))
  expect(JSON.parse(String(textOf(one)))).toEqual(one)
})

it('sends what a turn tells in one write, in order, whatever the id', async () => {
  const { socket, raw, heard } = await pair()
  const writes = vi.spyOn(raw as Duplex & { _writev: () => void }, '_writev')
  const [first, second] = [delivery(socket, raw, 'a"\\'), delivery(socket, raw, 'b')]
  for (let n = 0; n < 10; n += 1) for (const deliver of [first, second]) expect(deliver(result(n))).toBeUndefined()
  await eventually(() => expect(heard).toHaveLength(20))
  expect(writes).toHaveBeenCalledTimes(1)
  expect(heard.filter(({ id }) => id === 'a"\\').map(({ payload }) => payload.data.n)).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
  ])
  expect(heard[0]).toEqual({ id: 'a"\\', type: 'next', payload: result(0) })
})

it('holds a stream whose client does not read, and goes on where it stood', async () => {
  const { client, socket, raw, heard } = await pair()
  client.pause()
  let told = 0
  async function* source() {
    for (; told < 200; told += 1) yield result(told, 'x'.repeat(100_000))
  }
  const stream = delivered(source() as Results, delivery(socket, raw, '1'))
  let isOver = false
  const over = stream.next().then(() => (isOver = true))
  let before = -1
  while (told !== before) {
    before = told
    for (let n = 0; n < 50; n += 1) await turn()
  }
  expect(told).toBeLessThan(200)
  expect(socket.bufferedAmount).toBeLessThan(1_000_000)
  expect(isOver).toBe(false)
  client.resume()
  await over
  await eventually(() => expect(heard.map(({ payload }) => payload.data.n)).toEqual([...Array(200).keys()]))
})

it('says nothing more once it was left, nor to a socket that has closed', async () => {
  const { client, socket, raw, heard } = await pair()
  const channel = createChannel<object>({ capacity: 10 })
  const stream = delivered(channel as unknown as Results, delivery(socket, raw, '1'))
  const step = stream.next()
  channel.push(result(1))
  await eventually(() => expect(heard).toHaveLength(1))
  const leaving = stream.return(undefined)
  channel.push(result(2))
  expect(await leaving).toEqual({ done: true, value: undefined })
  expect(await step).toEqual({ done: true, value: undefined })
  client.terminate()
  await eventually(() => expect(socket.readyState).toBe(socket.CLOSED))
  expect(delivery(socket, raw, '1')(result(3))).toBeUndefined()
  expect(heard).toHaveLength(1)
})

it('ends as the stream ends', async () => {
  const { socket, raw } = await pair()
  const channel = createChannel<object>({ capacity: 10 })
  const step = delivered(channel as unknown as Results, delivery(socket, raw, '1')).next()
  channel.fail(new Error('over'))
  await expect(step).rejects.toThrow('over')
})

it('answers pings, and of those that come while an answer has not left the last', async () => {
  const { client, socket } = await pair()
  answerPings(socket)
  const pong = vi.spyOn(socket, 'pong')
  const answered: string[] = []
  client.on('pong', (data) => answered.push(String(data)))
  for (const data of ['1', '2', '3', '4']) socket.emit('ping', Buffer.from(data))
  expect(pong).toHaveBeenCalledTimes(1)
  await eventually(() => expect(answered).toEqual(['1', '4']))
  client.ping('5')
  await eventually(() => expect(answered).toEqual(['1', '4', '5']))
})
