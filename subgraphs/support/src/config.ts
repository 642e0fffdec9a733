import { agentTokenPrivateKey, commonEnvironment, databaseUrl, readEnvironment } from '@quimbi/service/config.ts'
import { z } from 'zod'

const environment = commonEnvironment.extend({
  PORT: commonEnvironment.shape.PORT.default(4001),
  SUPPORT_DATABASE_URL: databaseUrl,
  INTELLIGENCE_URL: z
    .url({ protocol: /^https?$/ })
    .describe('where the Intelligence service listens, e.g. http://intelligence:4002'),
  DATABASE_POOL: z.coerce.number().int().min(2).max(200).describe('connections, from 2 to 200').default(10),
  AGENT_TOKEN_PRIVATE_KEY: agentTokenPrivateKey,
})

export type Config = z.output<typeof environment>

/** Reads the environment; throws a ConfigError that lists every mistake. */
export const readConfig = (): Config => readEnvironment(environment, process.env)
