import type { ClusterOptions, RedisOptions } from 'ioredis'
import { Cluster, Redis } from 'ioredis'
import type { Logger } from './logging.ts'

/** One node or a cluster; the commands are the same. */
export type RedisClient = Redis | Cluster

const options = {
  lazyConnect: true,
  // A command meets a connection or fails at once: whoever calls has something to fall back to.
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  commandTimeout: 1_000,
  connectTimeout: 2_000,
  retryStrategy: backOff,
} satisfies RedisOptions

/**
 * Connects in the background and again whenever the connection is lost. Commands fail quickly meanwhile; nothing is
 * thrown. `url` is one address, or a cluster's nodes separated by commas.
 */
export function connectRedis(url: string, log: Logger): RedisClient {
  const urls = nodesOf(url)
  const client = urls.length > 1 ? connectCluster(urls) : new Redis(urls[0] ?? '', options)
  return connected(client, log)
}

/**
 * A connection to listen on. Of a cluster any node hears what is published at any other, so it holds on to one, and goes on to the next of `url` when
 * that one is lost: other than a cluster's own subscriber it tells when it was gone.
 */
export function connectSubscriber(url: string, log: Logger): Redis {
  const [first = '', ...others] = nodesOf(url)
  const client: Redis = new Redis(first, {
    ...options,
    retryStrategy(attempt) {
      const { hostname, port } = new URL([first, ...others][attempt % (others.length + 1)] ?? first)
      Object.assign(client.options, { host: hostname, port: Number(port || 6379) })
      return backOff(attempt)
    },
  })
  return connected(client, log)
}

const nodesOf = (url: string): string[] => url.split(',').map((part) => part.trim())

function connected<C extends RedisClient>(client: C, log: Logger): C {
  let away = false
  client.on('error', (error: Error) => {
    if (!away) log.warn({ err: error }, 'Redis is away')
    away = true
  })
  client.on('ready', () => {
    log.info(away ? 'Redis is back' : 'Redis is connected')
    away = false
  })
  client.connect().catch(() => {}) // reported by the error event; retried by the strategy
  return client
}

/** Resolves to whether the client became ready within `timeoutMs`. */
export async function redisReady(client: RedisClient, timeoutMs: number): Promise<boolean> {
  if (client.status === 'ready') return true
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const onReady = () => resolve(true)
  const timer = setTimeout(() => resolve(false), timeoutMs)
  client.once('ready', onReady)
  return promise.finally(() => {
    clearTimeout(timer)
    client.off('ready', onReady)
  })
}

/** Says goodbye when connected, else gives up at once. */
export async function closeRedis(client: RedisClient): Promise<void> {
  if (client.status === 'ready') await client.quit().catch(() => {})
  client.disconnect()
}

function connectCluster(urls: string[]): Cluster {
  const first = new URL(urls[0] ?? '')
  const clusterOptions = {
    lazyConnect: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: backOff,
    redisOptions: {
      commandTimeout: options.commandTimeout,
      connectTimeout: options.connectTimeout,
      ...(first.username && { username: decodeURIComponent(first.username) }),
      ...(first.password && { password: decodeURIComponent(first.password) }),
      ...(first.protocol === 'rediss:' && { tls: {} }),
    },
  } satisfies ClusterOptions
  return new Cluster(urls, clusterOptions)
}

function backOff(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt, 10), 2_000)
}
