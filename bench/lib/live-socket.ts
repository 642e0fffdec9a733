import { connect, type Socket } from 'node:net'

/** A WebSocket of a load generator: it does no more than a client must, so that it does not become what is measured. */
export type LiveSocket = {
  send(message: object): void
  close(): void
}

type LiveSocketOptions = {
  url: string
  token: string
  /** Each text message, in Latin-1: enough to find ids in. */
  onMessage(text: string): void
  onClosed(): void
}

const zeroKey = Buffer.alloc(4)

/** Resolves when the gateway took the login. */
export function openLiveSocket({ url, token, onMessage, onClosed }: LiveSocketOptions): Promise<LiveSocket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.setNoDelay(true)
  const taken = Promise.withResolvers<LiveSocket>()
  const send = (message: object) => write(socket, 1, Buffer.from(JSON.stringify(message)))
  let isOpen = false
  let rest: Buffer = Buffer.alloc(0)
  socket.once('connect', () =>
    socket.write(
      `GET /graphql HTTP/1.1\r\nHost: ${hostname}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
    ),
  )
  socket.on('error', taken.reject)
  socket.on('close', () => {
    taken.reject(new Error('closed'))
    onClosed()
  })
  socket.on('data', (data: Buffer) => {
    rest = rest.length > 0 ? Buffer.concat([rest, data]) : data
    if (!isOpen) {
      const end = rest.indexOf('\r\n\r\n')
      if (end < 0) return
      isOpen = true
      rest = rest.subarray(end + 4)
      send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })
    }
    rest = readFrames(rest, (opcode, frame) => {
      if (opcode === 9) return write(socket, 10, frame)
      if (opcode !== 1) return undefined
      const text = frame.toString('latin1')
      if (text.startsWith('{"type":"connection_ack"')) taken.resolve({ send, close: () => socket.destroy() })
      else onMessage(text)
    })
  })
  return taken.promise
}

/** What is left once all whole frames are read. */
function readFrames(data: Buffer, onFrame: (opcode: number, frame: Buffer) => void): Buffer {
  let at = 0
  while (data.length - at >= 2) {
    const short = (data[at + 1] ?? 0) & 127
    const head = short === 126 ? 4 : short === 127 ? 10 : 2
    if (data.length - at < head) break
    const length =
      short === 126 ? data.readUInt16BE(at + 2) : short === 127 ? Number(data.readBigUInt64BE(at + 2)) : short
    if (data.length - at < head + length) break
    onFrame((data[at] ?? 0) & 15, data.subarray(at + head, at + head + length))
    at += head + length
  }
  return data.subarray(at)
}

/** Masked, as a client must, by a key of zeros. */
function write(socket: Socket, opcode: number, payload: Buffer): void {
  const isShort = payload.length < 126
  const head = Buffer.alloc(isShort ? 2 : 4)
  head[0] = 0x80 | opcode
  head[1] = 0x80 | (isShort ? payload.length : 126)
  if (!isShort) head.writeUInt16BE(payload.length, 2)
  socket.write(Buffer.concat([head, zeroKey, payload]))
}
