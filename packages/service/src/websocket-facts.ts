import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Facts } from './authenticate.ts'
import type { ServiceName } from './viewer.ts'

type Connecting = {
  connectionParams?: Readonly<Record<string, unknown>>
  extra: { request: IncomingMessage; caller: ServiceName | null }
}

/** Who connects, as far as that can be told before anybody is believed. */
export function factsOf({ connectionParams, extra: { request, caller } }: Connecting): Facts {
  const { authorization: header, 'x-quimbi-tenant': tenant, 'x-quimbi-client': client } = request.headers
  const authorization = connectionParams?.['authorization'] ?? header
  const apiKey = connectionParams?.['x-api-key'] ?? request.headers['x-api-key']
  const address = caller && typeof client === 'string' ? client : request.socket.remoteAddress
  return {
    requestId: randomUUID(),
    caller,
    ...(address !== undefined && { address }),
    // Of another type it is a wrong token, not none.
    ...(authorization !== undefined && { authorization: String(authorization) }),
    ...(apiKey !== undefined && { apiKey: String(apiKey) }),
    ...(caller && typeof tenant === 'string' && { tenantId: tenant }),
  }
}

type Extensions = Record<string, unknown> | null | undefined

/** Of one subscription: only a service of ours is believed when it says for whom it asks. */
export function factsFor(facts: Facts, extensions: Extensions): Facts {
  if (!facts.caller || !extensions) return { ...facts, requestId: randomUUID() }
  const told = (name: string) => (typeof extensions[name] === 'string' ? extensions[name] : undefined)
  const [authorization, tenantId, requestId] = [told('authorization'), told('tenantId'), told('requestId')]
  return {
    requestId: requestId && requestIdForm.test(requestId) ? requestId : randomUUID(),
    caller: facts.caller,
    address: told('address') ?? facts.address,
    // Never half of each: an agent's token is not the tenant's scope.
    authorization: authorization || tenantId ? authorization : facts.authorization,
    tenantId: authorization || tenantId ? tenantId : facts.tenantId,
  }
}

const requestIdForm = /^[\w-]{8,64}$/
