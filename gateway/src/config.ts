import { commonEnvironment, readEnvironment } from '@quimbi/service/config.ts'
import { z } from 'zod'

const serviceUrl = (name: string) =>
  z.url({ protocol: /^https?$/ }).describe(`where the ${name} service listens, e.g. http://${name.toLowerCase()}`)

const environment = commonEnvironment.extend({
  SUPPORT_URL: serviceUrl('Support'),
  INTELLIGENCE_URL: serviceUrl('Intelligence'),
})

export type Config = z.output<typeof environment>

/** Reads the environment; throws a ConfigError that lists every mistake. */
export const readConfig = (): Config => readEnvironment(environment, process.env)

/** Keeps Apollo's gateway from reporting to its maker and from probing cloud metadata addresses; to be called before it is made. */
export function disableApolloTelemetry(): void {
  process.env['APOLLO_TELEMETRY_DISABLED'] = '1'
}
