import type { Running } from '@quimbi/service/start.ts'
import { serveSubgraph } from '@quimbi/subgraph/serve.ts'
import { createIntelligence } from './app.ts'
import { openModel } from './assistant/model/means.ts'
import type { Config } from './config.ts'
import { openIntelligenceDatabase } from './database.ts'

/** Intelligence as a process of its own. */
export const serve = (config: Config): Promise<Running> =>
  serveSubgraph({
    name: 'intelligence',
    peerName: 'support',
    config,
    databaseUrl: config.INTELLIGENCE_DATABASE_URL,
    databasePool: config.DATABASE_POOL,
    peerUrl: config.SUPPORT_URL,
    open: openIntelligenceDatabase,
    create: (surroundings) =>
      createIntelligence({ ...surroundings, partnerLimits: config, model: openModel(config, surroundings) }),
  })
