import { type AddressInfo, createServer } from 'node:net'

/** A free port of 127.0.0.1: `preferred` if it is free, else one that the system chooses. */
export function freePort(preferred = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error) => (preferred === 0 ? reject(error) : resolve(freePort())))
    server.listen({ host: '127.0.0.1', port: preferred }, () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
