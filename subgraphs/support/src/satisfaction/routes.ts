import type { Clock } from '@quimbi/service/clock.ts'
import { UserErrors, type UserErrorCode } from '@quimbi/service/errors.ts'
import type { LoginLimiter } from '@quimbi/service/rate-limit.ts'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { SupportDatabase } from '../database.ts'
import type { SupportDoors } from '../settings.ts'
import { messagePage, pagePolicy, surveyPage } from './page.ts'
import { recordSatisfaction } from './service.ts'

export type SurveyRoutes = SupportDoors & { database: SupportDatabase; clock: Clock; limiter: LoginLimiter }

const statusOf: Partial<Record<UserErrorCode, number>> = { NOT_FOUND: 404, ALREADY_EXISTS: 409, LIMIT_EXCEEDED: 429 }

/**
 * The survey as a page that needs no script: `GET /survey/<token>` asks, `POST` takes the form's `score` and `comment`. A signed link instead
 * of a login. 403 for a link that is forged or over, 409 for a second answer, 429 for too many attempts.
 */
export const surveyRoutes =
  ({ links, database, clock, limiter }: SurveyRoutes): FastifyPluginAsync =>
  async (app) => {
    // 2,000 characters of a comment may be 9 bytes each in a form, and 12 in pairs.
    const form = { parseAs: 'string', bodyLimit: 32 * 1024 } as const
    app.addContentTypeParser('application/x-www-form-urlencoded', form, (_request, body, done) =>
      done(null, new URLSearchParams(body.toString())),
    )

    // A wildcard: the router refuses named parameters as long as a token.
    app.get('/survey/*', async (request, reply) => {
      const claims = await links.read('survey', tokenOf(request), clock.now())
      if (!claims) return show(reply, 403, messagePage('Sorry', 'This link is not valid, or not any more.'))
      const tenant = await database.forTenant(claims.tenantId).tenant.findFirst({ where: { id: claims.tenantId } })
      return show(reply, 200, surveyPage(tenant?.brand ?? tenant?.name ?? 'we'))
    })

    app.post('/survey/*', async (request, reply) => {
      const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams()
      const answer = { token: tokenOf(request), score: Number(form.get('score')), comment: form.get('comment') }
      try {
        await recordSatisfaction({ links, database, clock, limiter, address: request.ip }, answer)
      } catch (error) {
        if (!(error instanceof UserErrors)) throw error
        const [first] = error.errors
        const isLink = first?.code === 'INVALID' && first.path?.includes('token')
        const status = isLink ? 403 : ((first && statusOf[first.code]) ?? 400)
        return show(reply, status, messagePage('Sorry', error.message))
      }
      return show(reply, 200, messagePage('Thank you!', 'Your answer was received.'))
    })
  }

const tokenOf = (request: FastifyRequest): string => (request.params as { '*': string })['*']

const show = (reply: FastifyReply, status: number, html: string) =>
  reply
    .code(status)
    .headers({ 'content-type': 'text/html; charset=utf-8', 'content-security-policy': pagePolicy })
    .send(html)
