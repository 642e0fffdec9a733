import { Agent } from 'undici'
import { codedError } from './errors.ts'

export type PlainRequest = { headers: Record<string, string>; body: string; signal?: AbortSignal | undefined }
export type PlainAnswer = { status: number; text: string; cacheControl: string | undefined }

export type PlainClient = {
  /** Posts, to anybody. Throws SUBGRAPH_UNAVAILABLE, or the signal's reason. */
  post(url: URL, request: PlainRequest): Promise<PlainAnswer>
  close(): Promise<void>
}

/** Asks services that are not ours, unsigned, over connections that are kept alive. */
export function createPlainClient(): PlainClient {
  const agent = new Agent({ connections: 128, connect: { timeout: 10_000 }, maxResponseSize: 256 * 1024 * 1024 })
  return {
    async post({ origin, pathname, search }, { headers, body, signal }) {
      try {
        const asked = {
          origin,
          path: pathname + search,
          method: 'POST',
          headers,
          body,
          signal: signal ?? null,
        } as const
        const { statusCode, headers: answered, body: answer } = await agent.request(asked)
        const cacheControl = [answered['cache-control'] ?? []].flat().join()
        return { status: statusCode, text: await answer.text(), cacheControl: cacheControl || undefined }
      } catch {
        // The client's own leaving is no failure of the service. Undici's message would name the address.
        if (signal?.aborted) throw signal.reason
        throw codedError('SUBGRAPH_UNAVAILABLE', 'The subgraph cannot be reached', { retryable: true })
      }
    },
    close: () => agent.destroy(),
  }
}
