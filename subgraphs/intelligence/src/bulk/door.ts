import { pipeline, Readable } from 'node:stream'
import { constants, createGzip } from 'node:zlib'
import { failure } from '@quimbi/events/failure.ts'
import type { Facts } from '@quimbi/service/authenticate.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import { codedError } from '@quimbi/service/errors.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import { throttled } from '@quimbi/service/throttled.ts'
import type { PartnerViewer } from '@quimbi/service/viewer.ts'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { IntelligenceDatabase } from '../database.ts'
import { exportInsight, type Progress } from './export.ts'
import { askedBy } from './request.ts'

export const exportPath = '/partner/export/insight'

/** What is told of an export once it is over; customers are points as well. */
export type ExportNote = Progress & { requestId: string; startedAt: Date }

export type ExportDoorOptions = {
  database: Pick<IntelligenceDatabase, 'forTenant'>
  clock: Clock
  log: Logger
  /** Whose key it is: UNAUTHENTICATED for a wrong one. Asked before each page. */
  partner(facts: Facts): Promise<PartnerViewer>
  /** Takes points of the key's budget: waits for them, or throws THROTTLED. */
  pay?(viewer: PartnerViewer, points: number): Promise<void>
  note?(viewer: PartnerViewer, note: ExportNote): void
  /** Exports of one key at once, in this process. */
  perKey?: number
  /** A reader who takes nothing for so long is let go. */
  idleMs?: number
}

/** `GET /partner/export/insight`: all insight of a tenant as JSON lines, as fast as it is read. */
export function exportDoor(options: ExportDoorOptions): FastifyPluginAsync {
  const { database, clock, log, partner, pay, note, perKey = 2, idleMs = 300_000 } = options
  const running = new Map<string, number>()

  /** One of a key's places, until it is released. */
  function enter({ keyId }: PartnerViewer): () => void {
    const count = running.get(keyId) ?? 0
    if (count >= perKey) throw throttled('EXPORTS', 10_000)
    running.set(keyId, count + 1)
    return () => {
      const left = (running.get(keyId) ?? 1) - 1
      if (left > 0) running.set(keyId, left)
      else running.delete(keyId)
    }
  }

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const facts = factsOf(request)
    const viewer = requireReader(await partner(facts))
    const asked = askedBy(request.query, viewer.tenantId)
    const leave = enter(viewer)
    const progress: Progress = { customers: 0, outcome: 'cut' }
    const startedAt = clock.now()
    const end = () => {
      leave()
      note?.(viewer, { ...progress, requestId: request.id, startedAt })
    }
    const { tenantId } = viewer
    const pages = exportInsight(
      {
        ...{ tenantId, clock, db: database.forTenant(tenantId) },
        check: async () => void requireReader(await partner(facts)),
        pay: async (customers) => void (customers > 0 && (await pay?.(viewer, customers))),
        onFailure: (error) => log.error({ err: failure(error), tenantId }, 'an export failed'),
      },
      asked,
      progress,
    )
    try {
      const first = await pages.next()
      return send(request, reply, startingWith(first.value ?? '', pages), end)
    } catch (error) {
      end()
      throw error
    }
  }

  function send(request: FastifyRequest, reply: FastifyReply, pages: AsyncIterable<string>, end: () => void) {
    const { raw } = reply
    raw.setTimeout(idleMs, () => raw.destroy())
    raw.once('close', end)
    void reply.header('content-type', 'application/x-ndjson; charset=utf-8').header('vary', 'accept-encoding')
    // Few bytes of it wait: a page is read when the one before is on its way.
    const lines = Readable.from(pages, { objectMode: false, highWaterMark: 16_384 })
    if (!takesGzip(request.headers['accept-encoding'])) return reply.send(lines)
    const packed = createGzip({ level: constants.Z_BEST_SPEED })
    // Whoever ends first ends the other; the answer tells what became of it.
    pipeline(lines, packed, () => {})
    return reply.header('content-encoding', 'gzip').send(packed)
  }

  return async (app) => void app.get(exportPath, { exposeHeadRoute: false }, answer)
}

async function* startingWith<T>(first: T, rest: AsyncGenerator<T, undefined>): AsyncGenerator<T, undefined> {
  try {
    yield first
    yield* rest
    return undefined
  } finally {
    await rest.return(undefined)
  }
}

function requireReader(viewer: PartnerViewer): PartnerViewer {
  if (viewer.scopes.includes('insight:read')) return viewer
  throw codedError('FORBIDDEN', 'This API key lacks the scope "insight:read".')
}

function factsOf({ headers, id: requestId, ip: address, caller }: FastifyRequest): Facts {
  const apiKey = headers['x-api-key']
  return { requestId, address, caller, ...(typeof apiKey === 'string' && { apiKey }) }
}

const takesGzip = (accepted: string | string[] | undefined): boolean =>
  String(accepted ?? '')
    .split(',')
    .some((one) => /^\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(one))
