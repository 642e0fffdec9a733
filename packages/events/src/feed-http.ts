import type { ServiceClient } from '@quimbi/service/client.ts'
import { codedError } from '@quimbi/service/errors.ts'
import type { ServiceName } from '@quimbi/service/viewer.ts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { FeedPage, FeedSource } from './feed.ts'
import { maxFeedLimit } from './feed.ts'
import { isTopic } from './topics.ts'

const feedPath = '/internal/feed'

const position = z
  .string()
  .regex(/^\d{1,18}$/)
  .transform((digits) => BigInt(digits))

const requestBody = z.object({
  after: position.nullable(),
  topics: z.array(z.string().refine(isTopic)).max(100),
  limit: z.int().min(1).max(maxFeedLimit),
})

const pageBody = z.object({
  events: z.array(
    z.object({
      position,
      eventId: z.guid(),
      tenantId: z.guid(),
      type: z.string(),
      occurredAt: z.iso.datetime().transform((text) => new Date(text)),
      // Judged event by event where it is applied: a bad one must not hold up what precedes it.
      payload: z.unknown(),
    }),
  ),
  position,
  head: position,
  atEnd: z.boolean(),
})

export type FeedDoorOptions = {
  source: FeedSource
  /** Who signed the request, null for nobody; may throw a coded error. */
  verify: (request: FastifyRequest) => ServiceName | null | Promise<ServiceName | null>
  /** The services that may read. */
  readers: readonly ServiceName[]
}

/** A Fastify plugin: `POST /internal/feed` answers signed requests of the named services, nobody else. */
export const feedDoor = ({ source, verify, readers }: FeedDoorOptions) =>
  async function register(app: FastifyInstance): Promise<void> {
    app.post(feedPath, async (request) => {
      const caller = await verify(request)
      if (caller === null) throw codedError('UNAUTHENTICATED', 'The feed answers to signed requests')
      if (!readers.includes(caller)) throw codedError('FORBIDDEN', 'The feed is not for this service')
      const asked = requestBody.safeParse(request.body)
      if (!asked.success) throw codedError('BAD_USER_INPUT', 'The feed request is not valid')
      return written(await source.pull(asked.data))
    })
  }

/** JSON has no integers of this size: positions travel as text. */
const written = (page: FeedPage) => ({
  ...page,
  position: String(page.position),
  head: String(page.head),
  events: page.events.map((event) => ({ ...event, position: String(event.position) })),
})

/** The feed of a service in another process. Throws SUBGRAPH_UNAVAILABLE when it does not answer as it should. */
export const httpSource = (client: ServiceClient): FeedSource => ({
  async pull({ after, topics, limit }) {
    const asked = JSON.stringify({ after: after === null ? null : String(after), topics, limit })
    const { status, body } = await client.post(feedPath, asked)
    if (status !== 200) throw codedError('SUBGRAPH_UNAVAILABLE', `The feed answered with status ${status}`)
    const page = pageBody.safeParse(parsed(body))
    if (!page.success) throw codedError('SUBGRAPH_UNAVAILABLE', 'The feed answered with something that is no page')
    return page.data
  },
})

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
