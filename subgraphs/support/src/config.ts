import {
  agentTokenPrivateKey,
  commonEnvironment,
  ConfigError,
  databaseUrl,
  originList,
  readEnvironment,
} from '@quimbi/service/config.ts'
import { z } from 'zod'
import type { SupportSettings } from './settings.ts'

/** How an installation meets the world: the same variables for the service alone and for the whole graph in one process. */
export const supportSettings = z.object({
  SUPPORT_PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .describe('where browsers reach the files, surveys and exports of Support, e.g. https://support.example.com')
    .optional(),
  CORS_ORIGINS: originList.optional(),
  SUPPORT_FILES_DIR: z.string().describe('a folder for attachments').default('.data/files'),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .describe('smtp://user:password@host:587')
    .optional(),
  MAIL_FROM: z.email().describe('the address that mail comes from').optional(),
  S3_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .describe('an S3-compatible server, e.g. https://s3.example.com')
    .optional(),
  S3_BUCKET: z.string().describe('a bucket for attachments').optional(),
  S3_REGION: z.string().describe('the bucket’s region').default('us-east-1'),
  S3_ACCESS_KEY_ID: z.string().describe('the bucket’s access key').optional(),
  S3_SECRET_ACCESS_KEY: z.string().describe('the bucket’s secret').optional(),
  INBOUND_TOKEN: z.string().min(16).describe('a token of at least 16 characters').optional(),
})

/** The settings by their variables; `publicUrl` where none is set, the service's own address. */
export function settingsOf(config: z.output<typeof supportSettings> & { HOST: string; PORT: number }): SupportSettings {
  const { S3_ENDPOINT: endpoint, S3_BUCKET: bucket, S3_ACCESS_KEY_ID: accessKeyId } = config
  const { S3_SECRET_ACCESS_KEY: secretAccessKey, S3_REGION: region } = config
  const isS3 =
    endpoint !== undefined && bucket !== undefined && accessKeyId !== undefined && secretAccessKey !== undefined
  if (!isS3 && [endpoint, bucket, accessKeyId, secretAccessKey].some((one) => one !== undefined))
    throw new ConfigError('S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY belong together.')
  return {
    publicUrl: (config.SUPPORT_PUBLIC_URL ?? `http://${config.HOST}:${config.PORT}`).replace(/\/+$/, ''),
    pageOrigins: config.CORS_ORIGINS,
    filesDir: config.SUPPORT_FILES_DIR,
    smtpUrl: config.SMTP_URL,
    mailFrom: config.MAIL_FROM,
    inboundToken: config.INBOUND_TOKEN,
    ...(isS3 && { s3: { endpoint, bucket, region, accessKeyId, secretAccessKey } }),
  }
}

const environment = commonEnvironment.extend({
  PORT: commonEnvironment.shape.PORT.default(4001),
  SUPPORT_DATABASE_URL: databaseUrl,
  INTELLIGENCE_URL: z
    .url({ protocol: /^https?$/ })
    .describe('where the Intelligence service listens, e.g. http://intelligence:4002'),
  DATABASE_POOL: z.coerce.number().int().min(2).max(200).describe('connections, from 2 to 200').default(10),
  AGENT_TOKEN_PRIVATE_KEY: agentTokenPrivateKey,
  ...supportSettings.shape,
})

export type Config = z.output<typeof environment>

/** Reads the environment; throws a ConfigError that lists every mistake. */
export const readConfig = (): Config => readEnvironment(environment, process.env)
