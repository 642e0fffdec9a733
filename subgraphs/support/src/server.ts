import { createLinks } from '@quimbi/service/links.ts'
import { peerOverHttp } from '@quimbi/service/peer-graph.ts'
import { createLoginLimiter } from '@quimbi/service/rate-limit.ts'
import type { Running } from '@quimbi/service/start.ts'
import { createTokenIssuer } from '@quimbi/service/tokens.ts'
import { serveSubgraph } from '@quimbi/subgraph/serve.ts'
import { createSupport } from './app.ts'
import { triageClient } from './automation/triage-client.ts'
import { settingsOf, type Config } from './config.ts'
import { openSupportDatabase } from './database.ts'
import { draftClient } from './drafts/client.ts'
import { insightClient } from './insight/client.ts'
import { personClient } from './privacy/person-client.ts'

/** Support as a process of its own. */
export const serve = (config: Config): Promise<Running> =>
  serveSubgraph({
    name: 'support',
    peerName: 'intelligence',
    config,
    databaseUrl: config.SUPPORT_DATABASE_URL,
    databasePool: config.DATABASE_POOL,
    peerUrl: config.INTELLIGENCE_URL,
    open: openSupportDatabase,
    create: ({ redis, client, ...surroundings }) => {
      const means = { ...surroundings, graph: peerOverHttp(client) }
      return createSupport({
        ...surroundings,
        redis,
        issuer: createTokenIssuer(config.AGENT_TOKEN_PRIVATE_KEY),
        limiter: createLoginLimiter({ redis }),
        links: createLinks(config.AGENT_TOKEN_PRIVATE_KEY, config.AGENT_TOKEN_PUBLIC_KEYS),
        settings: settingsOf(config),
        insight: insightClient(means),
        triage: triageClient(means),
        drafts: draftClient(means),
        person: personClient(client),
      })
    },
  })
