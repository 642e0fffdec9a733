import { Pool } from 'undici'
import { openDeadline } from './deadline.ts'
import { codedError } from './errors.ts'
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
  return {
    async post(path, body, request = {}) {
      const target = prefix + path
      const headers = headersOf(request)
      const signed = { ...headers, ...traceHeaders(), ...signer.sign({ method: 'POST', path: target, body, headers }) }
      const deadline = openDeadline({ ms: timeoutMs, signal: request.signal })
      const { signal } = deadline
      try {
        const response = await pool.request({ method: 'POST', path: target, headers: signed, body, signal })
        return { status: response.statusCode, body: await response.body.text() }
      } catch {
        // The client's own leaving is no failure of the service. Undici's message would name the address.
        if (signal.aborted) throw signal.reason
        throw codedError('SUBGRAPH_UNAVAILABLE', 'The service cannot be reached', { retryable: true })
      } finally {
        deadline.close()
      }
    },
    close: () => pool.destroy(),
  }
}

function headersOf({ authorization, apiKey, requestId, tenantId, address }: ServiceRequest): Record<string, string> {
  return {
    'content-type': 'application/json',
    accept: 'application/json',
    ...(authorization !== undefined && { authorization }),
    ...(apiKey !== undefined && { 'x-api-key': apiKey }),
    ...(requestId !== undefined && { 'x-request-id': requestId }),
    ...(tenantId !== undefined && { 'x-quimbi-tenant': tenantId }),
    ...(address !== undefined && { 'x-quimbi-client': address }),
  }
}
