import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A wire between a client and a server, that can be cut and frozen. */
export async function createProxy(to: () => number) {
  const pairs = new Set<[Socket, Socket]>()
  let isFrozen = false
  const server = createServer((client) => {
    const upstream = connect(to(), '127.0.0.1')
    const pair: [Socket, Socket] = [client, upstream]
    pairs.add(pair)
    for (const [from, other] of [pair, pair.toReversed() as [Socket, Socket]]) {
      from.on('data', (data) => void (isFrozen || other.write(data)))
      from.on('error', () => {})
      from.on('close', () => {
        pairs.delete(pair)
        if (!isFrozen) other.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = (share = 1) =>
    [...pairs]
      .slice(0, Math.ceil(pairs.size * share))
      .forEach((pair) => pair.forEach((socket) => socket.resetAndDestroy()))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    /** How many connections there are. */
    size: () => pairs.size,
    /** Resets a share of the connections, the oldest first. */
    cut,
    /** Swallows what is sent; connections stay open. */
    freeze: () => void (isFrozen = true),
    /** For new connections: what was swallowed is gone. */
    thaw: () => void (isFrozen = false),
    async close() {
      isFrozen = false
      for (const pair of pairs) for (const socket of pair) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
