import { createHash, timingSafeEqual } from 'node:crypto'
import { codedError, UserErrors } from '@quimbi/service/errors.ts'
import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import { channels, type Channel } from './adapter.ts'
import { takeIn, takeInMail, type InboundOptions, type Outcome } from './inbound.ts'
import { parseMail } from './parse-mail.ts'
import { printable, printableLine } from './plain.ts'
import { senderOf } from './senders.ts'

/** Bytes of a mail with its attachments. */
const maxMail = 25 * 1024 * 1024

const textMessage = z.object({
  from: z.string().min(1).max(320),
  name: z.string().max(1_000).optional(),
  text: z.string().min(1).max(49_900),
  externalId: z.string().min(1).max(1_000),
  subject: z.string().max(1_000).optional(),
})

type Params = { tenant: string; channel: string }

/**
 * The door for what customers send: `POST /inbound/<tenant>/email` takes a mail as it is (`message/rfc822`, up to 25 MB), `/inbound/<tenant>/sms`, `/chat`,
 * `/phone` and `/form` take JSON. Both want the installation's inbound token, answer 202 with the message's id, and may be repeated. Closed (404)
 * without a token.
 */
export const inboundRoutes =
  (options: InboundOptions): FastifyPluginAsync =>
  async (app) => {
    const { settings, database, clock } = options
    app.addContentTypeParser('message/rfc822', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

    app.post<{ Params: Params }>('/inbound/:tenant/:channel', {
      bodyLimit: maxMail,
      // Before the body is read: who may not write here shall not make us hold 25 MB.
      async onRequest(request, reply) {
        if (settings.inboundToken === undefined) return reply.callNotFound()
        if (!isToken(request.headers.authorization, settings.inboundToken))
          throw codedError('UNAUTHENTICATED', 'Send the inbound token as "authorization: Bearer <token>".')
      },
      async handler(request, reply) {
        const { tenant: slug } = request.params
        const channel = request.params.channel.toUpperCase() as Channel
        if (!channels.includes(channel)) return reply.callNotFound()
        const tenant = isSlug(slug) ? await database.system.tenant.findFirst({ where: { slug } }) : null
        if (!tenant) return reply.callNotFound()
        const outcome = await understood(async () => {
          const { body } = request
          if (channel !== 'EMAIL') return takeIn(options, tenant, textOf(body, channel), clock.now())
          if (!Buffer.isBuffer(body)) throw codedError('BAD_USER_INPUT', 'Send the mail as it is, as message/rfc822.')
          return takeInMail(options, tenant, await parseMail(body), clock.now())
        })
        return reply.code(202).send(outcome)
      },
    })
  }

const isSlug = (slug: string): boolean => /^[a-z\d][a-z\d-]{0,49}$/.test(slug)

function isToken(authorization: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${token}`))
}

function textOf(body: unknown, channel: Channel) {
  const parsed = Buffer.isBuffer(body) ? null : textMessage.safeParse(body)
  if (!parsed?.success) {
    const places = parsed?.error.issues.map(({ path, code }) => `${path.join('.') || 'body'} (${code})`).join(', ')
    throw codedError('BAD_USER_INPUT', `Send JSON with from, text and externalId: ${places ?? 'body'}`)
  }
  const { from, name, text, externalId, subject = '' } = parsed.data
  const sender = senderOf(from, channel, name)
  const content = printable(text).trim()
  if (content === '' || sender.value === '') throw codedError('BAD_USER_INPUT', 'There is nothing to read in it.')
  return {
    ...{ channel, externalId, sender, content },
    subject: printableLine(subject, 300),
    ...{ html: null, files: [], leftOut: 0, automatic: null, addressed: [], references: [] },
  }
}

/** An expected refusal as a coded error: there is no payload here to carry it. */
async function understood(run: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof UserErrors)) throw error
    const [first] = error.errors
    throw codedError('BAD_USER_INPUT', error.message, first && { reason: first.code })
  }
}
