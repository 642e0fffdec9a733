import { commonEnvironment, readEnvironment } from '@quimbi/service/config.ts'
import { z } from 'zod'
import { consoleEnvironment, type Console } from './console/folder.ts'
import { limitsEnvironment, onlyWithDocuments } from './limits/config.ts'

/** Where insight is kept: nowhere, in each process, or in each process and in Redis for all. */
export const cacheModes = ['off', 'memory', 'redis'] as const

export const entityCacheMode = z.enum(cacheModes).describe('one of off, memory, redis')

const milliseconds = z.coerce.number().int().min(1).max(600_000).describe('a number of milliseconds, 1 to 600000')

const serviceUrl = (name: string) =>
  z.url({ protocol: /^https?$/ }).describe(`where the ${name} service listens, e.g. http://${name.toLowerCase()}`)

const environment = commonEnvironment
  .extend({
    SUPPORT_URL: serviceUrl('Support'),
    INTELLIGENCE_URL: serviceUrl('Intelligence'),
    SUBGRAPH_TIMEOUT_MS: milliseconds.optional(),
    INSIGHT_TIMEOUT_MS: milliseconds.optional(),
    ENTITY_CACHE: entityCacheMode.optional(),
    ...consoleEnvironment,
    ...limitsEnvironment,
  })
  .refine(...onlyWithDocuments)
  .refine(
    // A bus of this process alone would not hear what Intelligence writes in another.
    ({ ENTITY_CACHE = 'off', REDIS_URL }) => ENTITY_CACHE === 'off' || REDIS_URL !== undefined,
    'ENTITY_CACHE: memory and redis need REDIS_URL, over which Intelligence tells of its writes',
  )

export type Config = Omit<z.output<typeof environment>, 'CONSOLE_DIR'> & { CONSOLE_DIR?: Console | null }

/** Reads the environment; throws a ConfigError that lists every mistake. */
export const readConfig = (): Config => readEnvironment(environment, process.env)

/** Keeps Apollo's gateway from reporting to its maker and from probing cloud metadata addresses; to be called before it is made. */
export function disableApolloTelemetry(): void {
  process.env['APOLLO_TELEMETRY_DISABLED'] = '1'
}
