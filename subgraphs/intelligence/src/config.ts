import { commonEnvironment, databaseUrl, readEnvironment } from '@quimbi/service/config.ts'
import { z } from 'zod'
import { modelEnvironment } from './assistant/model/settings.ts'
import { partnerEnvironment } from './partner/limits.ts'

const environment = commonEnvironment.extend({
  PORT: commonEnvironment.shape.PORT.default(4002),
  INTELLIGENCE_DATABASE_URL: databaseUrl,
  SUPPORT_URL: z.url({ protocol: /^https?$/ }).describe('where the Support service listens, e.g. http://support:4001'),
  DATABASE_POOL: z.coerce.number().int().min(2).max(200).describe('connections, from 2 to 200').default(10),
  ...modelEnvironment,
  ...partnerEnvironment,
})

export type Config = z.output<typeof environment>

/** Reads the environment; throws a ConfigError that lists every mistake. */
export const readConfig = (): Config => readEnvironment(environment, process.env)
