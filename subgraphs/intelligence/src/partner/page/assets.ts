import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

const compressors = {
  br: (body: Buffer) =>
    promisify(brotliCompress)(body, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: body.length },
    }),
  gzip: (body: Buffer) => promisify(gzip)(body, { level: 9 }),
} as const

type Encoding = keyof typeof compressors

/** Something that is the same at every request, packed the first time it is asked for. */
export type Asset = {
  type: string
  etag: string
  body(encoding: Encoding | null): Promise<Buffer>
}

export function createAsset(content: string | Buffer, type: string): Asset {
  const body = Buffer.from(content)
  const packed = new Map<Encoding, Promise<Buffer>>()
  return {
    type,
    etag: createHash('sha256').update(type).update(body).digest('base64url').slice(0, 22),
    async body(encoding) {
      if (encoding === null) return body
      const known = packed.get(encoding) ?? compressors[encoding](body)
      packed.set(encoding, known)
      return known
    },
  }
}

/** Lets a browser keep it, but ask each time whether it is still the same: pages change with a deployment, at the same address. */
const cacheControl = 'public, max-age=0, must-revalidate'

/** Answers with it, packed as the client takes it; 304 where the client has it already. `headers` are the page's own. */
export async function sendAsset(
  request: FastifyRequest,
  reply: FastifyReply,
  asset: Asset,
  headers: Readonly<Record<string, string>> = {},
): Promise<FastifyReply> {
  const encoding = encodingOf(request.headers['accept-encoding'])
  const etag = `"${asset.etag}${encoding ? `-${encoding}` : ''}"`
  void reply.headers({ ...headers, etag, vary: 'accept-encoding', 'cache-control': cacheControl })
  if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send()
  if (encoding) void reply.header('content-encoding', encoding)
  return reply.type(asset.type).send(await asset.body(encoding))
}

function encodingOf(accepted: string | string[] | undefined): Encoding | null {
  const given = String(accepted ?? '')
    .toLowerCase()
    .split(',')
    .map((one) => one.trim())
    .filter((one) => !/;\s*q=0(?:\.0*)?$/.test(one))
    .map((one) => one.replace(/;.*/s, '').trim())
  return (['br', 'gzip'] as const).find((encoding) => given.includes(encoding)) ?? null
}

const isKnown = (given: string | undefined, etag: string): boolean =>
  given !== undefined &&
  (given.trim() === '*' || given.split(',').some((one) => one.trim().replace(/^W\//, '') === etag))
