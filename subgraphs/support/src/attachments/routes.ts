import type { Readable } from 'node:stream'
import type { Clock } from '@quimbi/service/clock.ts'
import { codedError } from '@quimbi/service/errors.ts'
import type { LinkPurpose } from '@quimbi/service/links.ts'
import { allowOriginsAt, ownOriginRules } from '@quimbi/service/origins.ts'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Attachment } from '../../generated/prisma/client.ts'
import type { SupportDatabase } from '../database.ts'
import type { SupportDoors } from '../settings.ts'
import { disposition } from './disposition.ts'
import { TooManyBytes, withLocalFile } from './disk-store.ts'
import { lockContent } from './service.ts'
import { isOfType } from './sniff.ts'
import { createFileStore, MissingFile, type FileStore } from './store.ts'

export type FileRoutes = SupportDoors & { database: SupportDatabase; clock: Clock; store?: FileStore }

/**
 * The door for files, with signed links instead of a login: `PUT /files/upload/<token>` takes the bytes that were announced, `GET /files/<token>`
 * gives them, always as a download. Pages of the settings' origins may do both. 403 for a link that is forged or over, 400 for other bytes than announced, 404 where there is no such file.
 */
export const fileRoutes =
  ({ links, settings, database, clock, store = createFileStore(settings) }: FileRoutes): FastifyPluginAsync =>
  async (app) => {
    // The bytes are streamed past every parser.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    const { pageOrigins: origins = [] } = settings
    allowOriginsAt(app, { origins, path: '/files/*', methods: ['GET', 'PUT'], headers: ['content-type'] })

    async function fileOf(purpose: LinkPurpose, request: FastifyRequest): Promise<Attachment> {
      const { '*': token } = request.params as { '*': string }
      const claims = await links.read(purpose, token, clock.now())
      if (!claims) throw codedError('FORBIDDEN', 'This link is not valid, or not any more.')
      const { tenantId, subject: id } = claims
      const file = await database.forTenant(tenantId).attachment.findFirst({ where: { tenantId, id } })
      return file ?? Promise.reject(codedError('NOT_FOUND', 'The file is gone.'))
    }

    // A wildcard: the router refuses named parameters as long as a token.
    app.put('/files/upload/*', { bodyLimit: 26 * 1024 * 1024, config: ownOriginRules }, async (request, reply) => {
      const file = await fileOf('upload', request)
      const bytes = request.body as Readable | undefined
      // Whatever is still on its way of bytes that are refused is not waited for.
      void reply.header('connection', 'close')
      if (file.uploadedAt === null) await takeIn({ settings, database, clock, store }, file, bytes)
      else bytes?.resume()
      return reply.code(201).send({ id: file.id })
    })

    app.get('/files/*', { config: ownOriginRules }, async (request, reply) => {
      const file = await fileOf('download', request)
      if (file.uploadedAt === null) throw codedError('NOT_FOUND', 'The file was never uploaded.')
      const bytes = await store.open(file).catch((error: unknown) => {
        throw error instanceof MissingFile ? codedError('NOT_FOUND', 'The file is gone.') : error
      })
      return reply
        .headers({
          'content-type': file.contentType,
          'content-length': file.byteSize,
          'content-disposition': disposition(file.fileName),
          'content-security-policy': "default-src 'none'; sandbox",
          'cache-control': 'private, no-store',
        })
        .send(bytes)
    })
  }

type Taking = Required<Pick<FileRoutes, 'settings' | 'database' | 'clock' | 'store'>>

/** Keeps the bytes if they are those that were announced. */
async function takeIn(
  { settings, database, clock, store }: Taking,
  file: Attachment,
  bytes: Readable | undefined,
): Promise<void> {
  const { tenantId, id, byteSize, sha256, contentType } = file
  if (!bytes) throw codedError('BAD_USER_INPUT', 'The bytes are missing.')
  try {
    await withLocalFile(settings.filesDir, bytes, byteSize, async (local) => {
      if (local.byteSize !== byteSize || local.sha256 !== sha256)
        throw codedError('BAD_USER_INPUT', 'These are not the bytes that were announced.')
      if (!(await isOfType(local.path, contentType)))
        throw codedError('BAD_USER_INPUT', `The file is no ${contentType}.`, { reason: 'WRONG_TYPE' })
      await database.transact(tenantId, async (tx) => {
        await lockContent(tx, file)
        await store.put(file, local.path)
        await tx.attachment.updateMany({ where: { tenantId, id }, data: { uploadedAt: clock.now() } })
      })
    })
  } catch (error) {
    if (error instanceof TooManyBytes) throw codedError('BAD_USER_INPUT', error.message, { reason: 'TOO_LARGE' })
    if (bytes.errored === error) throw codedError('BAD_USER_INPUT', 'The upload was cut off.')
    throw error
  }
}
