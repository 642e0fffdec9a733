import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { startRedis } from './redis.ts'

/** Three masters on 127.0.0.1 that keep nothing; `url` names them all. */
export type RedisCluster = {
  url: string
  stop(): Promise<void>
  /** ends them all and starts them again, empty, as a new cluster on the same ports */
  restart(): Promise<void>
}

const slots = 16_384

/** Starts a cluster on free ports. It ends with the process that started it. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const nodes = await Promise.all([0, 1, 2].map(() => startRedis({ isCluster: true })))
  await meet(nodes.map(({ port }) => port))
  return {
    url: nodes.map(({ url }) => url).join(','),
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()))
    },
    async restart() {
      await Promise.all(nodes.map((node) => node.restart()))
      await meet(nodes.map(({ port }) => port))
    },
  }
}

/** Makes one cluster of nodes that know nothing of each other. */
async function meet(ports: readonly number[]): Promise<void> {
  const clients = ports.map((port) => new Redis(port, '127.0.0.1'))
  try {
    for (const [n, client] of clients.entries()) {
      const [from, to] = [n, n + 1].map((part) => Math.floor((slots * part) / ports.length)) as [number, number]
      await client.call('CLUSTER', 'ADDSLOTSRANGE', from, to - 1)
      await client.call('CLUSTER', 'SET-CONFIG-EPOCH', n + 1)
    }
    const [first] = clients
    for (const client of clients.slice(1)) {
      const [, busPort] = (await client.config('GET', 'cluster-port')) as [string, string]
      await first?.call('CLUSTER', 'MEET', '127.0.0.1', Number(client.options.port), busPort)
    }
    while (!(await Promise.all(clients.map(isWhole))).every(Boolean)) await delay(50)
  } finally {
    for (const client of clients) client.disconnect()
  }
}

async function isWhole(client: Redis): Promise<boolean> {
  const info = String(await client.call('CLUSTER', 'INFO'))
  return info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3')
}
