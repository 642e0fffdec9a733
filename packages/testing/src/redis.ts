import { spawnSync } from 'node:child_process'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '@quimbi/database/port.ts'
import { startSupervised } from '@quimbi/database/supervisor.ts'
import { available } from './availability.ts'

/** A Redis of its own, on 127.0.0.1, that keeps nothing. */
export type RedisServer = {
  url: string
  port: number
  /** ends it and removes its folder */
  stop(): Promise<void>
  /** ends it, until it is started again */
  pause(): Promise<void>
  /** starts it again, empty, on the same port; for tests of reconnection */
  restart(): Promise<void>
}

/** Whether this machine has Redis; if not, says so once, and fails under CI. */
export function redisAvailable(): boolean {
  return available('redis-server', spawnSync('redis-server', ['--version']).status === 0)
}

/** Starts Redis on a free port. It ends with the process that started it. */
export async function startRedis({ isCluster = false } = {}): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'redis-'))
  const port = await freePort()
  let server = await launch(folder, port, isCluster)
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
    pause: () => server.stop(),
    async restart() {
      await server.stop()
      await rm(join(folder, nodesFile), { force: true })
      server = await launch(folder, port, isCluster)
    },
  }
}

const nodesFile = 'nodes.conf'

async function launch(folder: string, port: number, isCluster: boolean) {
  const log = await open(join(folder, 'log'), 'w')
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', '', '--appendonly', 'no']
  // The nodes' own port is ten thousand higher unless told, and may be taken, or beyond all ports.
  if (isCluster)
    args.push(
      '--cluster-enabled',
      'yes',
      '--cluster-config-file',
      nodesFile,
      '--cluster-port',
      String(await freePort()),
    )
  const server = startSupervised('redis-server', args, { log: log.fd })
  await log.close()
  while (!(await answers(port))) {
    if (await Promise.race([server.exited.then(() => true), delay(10, false)])) {
      throw new Error(`Redis did not start:\n${await readFile(join(folder, 'log'), 'utf8')}`)
    }
  }
  return server
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    const settle = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('data', (data) => settle(data.toString().startsWith('+PONG')))
    socket.once('error', () => settle(false))
    socket.once('close', () => resolve(false))
  })
}
