import { createGateway } from '@quimbi/gateway/gateway.ts'
import { overHttp } from '@quimbi/gateway/subgraph-calls.ts'
import { createServiceClient } from '@quimbi/service/client.ts'
import { systemClock } from '@quimbi/service/clock.ts'
import { createHttp } from '@quimbi/service/http.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { generateSecrets } from '@quimbi/service/secrets.ts'
import { createSigner } from '@quimbi/service/signing.ts'
import { createTokenVerifier } from '@quimbi/service/tokens.ts'
import { parseSecrets } from '../../scripts/lib/secrets.ts'
import type { Urls } from './gateway-graphs.ts'

/** Our gateway as it runs in production: it signs, forwards, keeps deadlines and calls off; only sharing of questions is off. */
export async function serveOurs(supergraphSdl: string, urls: Urls): Promise<string> {
  const secrets = parseSecrets(generateSecrets())
  const signer = createSigner(secrets.SERVICE_KEYS, 'gateway')
  const log = createLogger({ service: 'gateway', level: 'silent' })
  const metrics = createMetrics('gateway')
  const calls = Object.entries(urls).map(([name, baseUrl]) => {
    const client = createServiceClient({ baseUrl, signer, timeoutMs: 30_000 })
    return [name, overHttp(client)] as const
  })
  const gateway = await createGateway({
    supergraphSdl,
    calls: Object.fromEntries(calls),
    log,
    metrics,
    clock: systemClock,
    verifier: createTokenVerifier(secrets.AGENT_TOKEN_PUBLIC_KEYS),
    introspection: false,
    coalesce: false,
  })
  const http = createHttp({ service: 'gateway', log, metrics, readiness: async () => ({}) })
  await http.app.register(gateway.routes)
  const { url } = await http.listen(0, '127.0.0.1')
  return `${url}/graphql`
}
