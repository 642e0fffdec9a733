import { createServer } from 'node:net'
import { ConfigError } from '@quimbi/service/config.ts'

/** Throws a ConfigError that names the port if somebody listens on it; 0 is always free. */
export async function assertFree(port: number, host: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const server = createServer()
  server.once('error', (error: NodeJS.ErrnoException) => {
    const why = error.code === 'EADDRINUSE' ? 'is taken' : `cannot be had (${error.code ?? error.message})`
    reject(new ConfigError(`Port ${port} on ${host} ${why}. Set PORT to another one, e.g. PORT=${port + 1} npm start`))
  })
  server.listen(port, host, () => server.close(() => resolve()))
  return promise
}
