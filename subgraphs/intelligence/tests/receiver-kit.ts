import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Got = { path: string; headers: IncomingHttpHeaders & Record<string, string>; body: string }

/** A receiver of webhooks on this machine: answers 204 unless told otherwise. */
export async function openReceiver() {
  const got: Got[] = []
  const state = { answer: (response: ServerResponse, _: Got): unknown => response.writeHead(204).end() }
  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const one = { path: request.url ?? '', headers: request.headers as Got['headers'], body }
    got.push(one)
    state.answer(response, one)
  }
  // What is cut off in the middle was not received.
  const server = createServer((request, response) => void receive(request, response).catch(() => {}))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    got,
    state,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise<void>((resolve) => (server.close(() => resolve()), server.closeAllConnections())),
  }
}
