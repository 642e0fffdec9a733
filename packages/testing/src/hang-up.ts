import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'

/** How a connection ends in the middle of an answer, or right after it: told the end, torn down, or reset. */
export type HangUp = 'end' | 'destroy' | 'reset'
/** `promised`: how often the length that is sent the server says will come. */
type Answer = { status: number; type: string; kibibytes: number; promised: number; how: HangUp }

const endings = ['end', 'destroy', 'reset'] as const
const types = ['text/event-stream', 'application/json']

/** Of all sizes around what streams hold: how an answer that nobody reads meets the end of its connection depends on the byte. */
export const hangUps: readonly Answer[] = [200, 500].flatMap((status) =>
  types.flatMap((type) =>
    [64, 90, 120, 140, 170, 400].flatMap((kibibytes) =>
      endings.flatMap((how) => [1, 2].map((promised) => ({ status, type, kibibytes, promised, how }))),
    ),
  ),
)

/** A server that answers each request by the next of `hangUps`, over and over. For a process of its own: what it breaks, it breaks whole. */
export async function startHangingUp(): Promise<{ url: string; close(): Promise<void> }> {
  const open = new Set<Socket>()
  let asked = 0
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('error', () => {}).once('close', () => open.delete(socket))
    socket.once('data', () => answer(socket, hangUps[asked++ % hangUps.length] as Answer))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function answer(socket: Socket, { status, type, kibibytes, promised, how }: Answer): void {
  const body = Buffer.alloc(kibibytes * 1_024, 'a')
  socket.write(`HTTP/1.1 ${status} Said\r\ncontent-type: ${type}\r\n`)
  socket.write(`content-length: ${body.length * promised}\r\nconnection: close\r\n\r\n`)
  socket.write(body, () => {
    if (how === 'destroy') socket.destroy()
    if (how === 'reset') socket.resetAndDestroy()
  })
  if (how === 'end') socket.end()
}
