import { Pool } from 'undici'
import { openDeadline } from './deadline.ts'
import { codedError } from './errors.ts'
import { postWhole } from './post-whole.ts'
import type { Signer } from './signing.ts'
import { traceHeaders } from './telemetry.ts'

export type ServiceRequest = {
  authorization?: string | undefined
  apiKey?: string | undefined
  requestId?: string | undefined
  /** The tenant on whose behalf the service itself is asking. */
  tenantId?: string | undefined
  /** The address of the client on whose behalf it is sent. */
  address?: string | undefined
  signal?: AbortSignal | undefined
  /** A signal that ends in time by itself, in place of `signal` and of the client's own deadline. */
  within?: AbortSignal | undefined
}

export type ServiceClient = {
  /** Sends JSON, signed. `path` is appended to the base address. Throws SUBGRAPH_UNAVAILABLE, or the signal's reason. */
  post(path: string, body: string, request?: ServiceRequest): Promise<{ status: number; body: string }>
  close(): Promise<void>
}

type ClientOptions = {
  baseUrl: string
  signer: Signer
  timeoutMs: number
  connections?: number
  maxResponseBytes?: number
}

/** Calls another service of ours over kept-alive connections; the deadline covers connecting, waiting and reading. */
export function createServiceClient(options: ClientOptions): ServiceClient {
  const { baseUrl, signer, timeoutMs, connections = 64, maxResponseBytes = 64 * 1024 * 1024 } = options
  const { origin, pathname } = new URL(baseUrl)
  const prefix = pathname.replace(/\/$/, '')
  const pool = new Pool(origin, { connections, connect: { timeout: timeoutMs }, maxResponseSize: maxResponseBytes })
  async function send(path: string, body: string, request: ServiceRequest, signal: AbortSignal) {
    const headers = headersOf(request)
    Object.assign(headers, traceHeaders(), signer.sign({ method: 'POST', path, body, headers }))
    try {
      return await postWhole(pool, { path, headers, body, signal })
    } catch {
      // The client's own leaving is no failure of the service. Undici's message would name the address.
      if (signal.aborted) throw signal.reason
      throw codedError('SUBGRAPH_UNAVAILABLE', 'The service cannot be reached', { retryable: true })
    }
  }

  return {
    async post(path, body, request = {}) {
      const target = prefix + path
      if (request.within) return send(target, body, request, request.within)
      const deadline = openDeadline({ ms: timeoutMs, signal: request.signal })
      return send(target, body, request, deadline.signal).finally(() => deadline.close())
    },
    close: () => pool.destroy(),
  }
}

function headersOf({ authorization, apiKey, requestId, tenantId, address }: ServiceRequest): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': 'application/json', accept: 'application/json' }
  if (authorization !== undefined) headers['authorization'] = authorization
  if (apiKey !== undefined) headers['x-api-key'] = apiKey
  if (requestId !== undefined) headers['x-request-id'] = requestId
  if (tenantId !== undefined) headers['x-quimbi-tenant'] = tenantId
  if (address !== undefined) headers['x-quimbi-client'] = address
  return headers
}
