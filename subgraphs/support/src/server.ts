import { createLinks } from '@quimbi/service/links.ts'
import { createLoginLimiter } from '@quimbi/service/rate-limit.ts'
import type { Running } from '@quimbi/service/start.ts'
import { createTokenIssuer } from '@quimbi/service/tokens.ts'
import { serveSubgraph } from '@quimbi/subgraph/serve.ts'
import { createSupport } from './app.ts'
import { settingsOf, type Config } from './config.ts'
import { openSupportDatabase } from './database.ts'

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
    create: ({ redis, ...surroundings }) =>
      createSupport({
        ...surroundings,
        redis,
        issuer: createTokenIssuer(config.AGENT_TOKEN_PRIVATE_KEY),
        limiter: createLoginLimiter({ redis }),
        links: createLinks(config.AGENT_TOKEN_PRIVATE_KEY, config.AGENT_TOKEN_PUBLIC_KEYS),
        settings: settingsOf(config),
      }),
  })
