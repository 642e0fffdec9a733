import type { JSONWebKeySet } from 'jose'
import { z } from 'zod'
import { parseServiceKeys } from './service-keys.ts'

/** A mistake of whoever starts the program; the message is made to be printed as it is. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ConfigError'
  }
}

const secretName = /SECRET|KEY|PASSWORD|URL|TOKEN/

/**
 * Parses an environment; an empty string counts as unset. Throws a ConfigError that lists every mistake, one a line,
 * with what is expected: the description of the variable's schema. Values of secrets are never echoed.
 */
export function readEnvironment<S extends z.ZodObject>(
  schema: S,
  environment: Readonly<Record<string, string | undefined>>,
): z.output<S> {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  )
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const mistakes = result.error.issues.map((issue) => {
    // A check of several variables together names them itself.
    if (issue.path.length === 0) return `  ${issue.message}`
    const name = String(issue.path[0])
    return `  ${name}: ${problem(name, given[name], issue)}; expected ${expectation(schema.shape[name], issue)}`
  })
  throw new ConfigError(['The configuration has mistakes:', ...new Set(mistakes)].join('\n'))
}

function problem(name: string, value: string | undefined, issue: z.core.$ZodIssue): string {
  if (value === undefined) return 'is not set'
  // Our own checks explain themselves; their messages hold no part of the value.
  if (issue.code === 'custom') return issue.message
  return secretName.test(name) ? 'is not accepted (value not shown)' : `"${value.slice(0, 80)}" is not accepted`
}

function expectation(schema: z.core.$ZodType | undefined, issue: z.core.$ZodIssue): string {
  for (let current = schema; current; current = inner(current)) {
    const description = z.globalRegistry.get(current)?.description
    if (description) return description
  }
  return issue.code === 'custom' ? 'another value' : issue.message
}

function inner(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  const { def } = schema._zod
  if ('innerType' in def) return def.innerType as z.core.$ZodType
  return undefined
}

/** A TCP port; 0 asks the system for a free one. */
export const port = z.coerce.number().int().min(0).max(65_535).describe('a port number from 0 to 65535')

export const booleanFlag = z
  .enum(['true', 'false', '1', '0'])
  .transform((value) => value === 'true' || value === '1')
  .describe('true or false')

export const logLevel = z
  .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
  .describe('one of trace, debug, info, warn, error, fatal, silent')

/** A PostgreSQL connection string. */
export const databaseUrl = z
  .string()
  .refine((value) => hasProtocol(value, ['postgres:', 'postgresql:']), 'is not a PostgreSQL URL')
  .describe('postgresql://user:password@host:port/database')

/** Origins of pages, in lower case. */
export const originList = z
  .string()
  .transform((value) => value.split(',').map((origin) => origin.trim().toLowerCase().replace(/\/$/, '')))
  .refine(
    (all) => all.every((one) => URL.canParse(one) && new URL(one).origin === one),
    'names something else than origins',
  )
  .describe('origins such as https://console.example, separated by commas')

/** One Redis node, or a cluster's nodes separated by commas. */
export const redisUrl = z
  .string()
  .refine(
    (value) => value.split(',').every((url) => hasProtocol(url.trim(), ['redis:', 'rediss:'])),
    'is not a Redis URL',
  )
  .describe('redis://host:port, or several separated by commas for a cluster')

/** Parsed into keys. */
export const serviceKeys = z
  .string()
  .transform((value, context) => tell(context, () => parseServiceKeys(value)))
  .describe('service.label:base64secret separated by commas, 32 bytes or more each (npm run secrets prints a set)')

const jwk = z.looseObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), kid: z.string().min(1) })

/** Support's private key of agent tokens, parsed. */
export const agentTokenPrivateKey = jsonOf(jwk.extend({ d: z.string() }), 'is not an Ed25519 private key').describe(
  'an Ed25519 private JWK with a kid, as JSON (npm run secrets prints one)',
)

/** The public keys of agent tokens, parsed. */
export const agentTokenPublicKeys = jsonOf(
  z.object({ keys: z.array(jwk.extend({ d: z.undefined().optional() })).min(1) }),
  'is not a set of Ed25519 public keys',
)
  .transform(({ keys }): JSONWebKeySet => ({ keys: keys.map(({ d: _never, ...key }) => key) }))
  .describe('a JWKS of Ed25519 public keys with kids, as JSON (npm run secrets prints one)')

/** What every service reads. Extend it with the service's own variables. */
export const commonEnvironment = z.object({
  PORT: port.default(4000),
  HOST: z.string().describe('an address to listen on').default('127.0.0.1'),
  LOG_LEVEL: logLevel.default('info'),
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .describe('one of development, test, production')
    .default('development'),
  REDIS_URL: redisUrl.optional(),
  METRICS_TOKEN: z.string().min(16).describe('a token of at least 16 characters').optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .describe('where an OTLP/HTTP receiver listens')
    .optional(),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).describe('a share of traces from 0 to 1').optional(),
  SERVICE_KEYS: serviceKeys,
  AGENT_TOKEN_PUBLIC_KEYS: agentTokenPublicKeys,
})

/** Who may read `/metrics`: everybody while developing; in production whoever has METRICS_TOKEN, and nobody without one. */
export const metricsAccess = (config: {
  NODE_ENV: string
  METRICS_TOKEN?: string | undefined
}): string | null | undefined =>
  config.NODE_ENV === 'production' ? (config.METRICS_TOKEN ?? null) : config.METRICS_TOKEN

function hasProtocol(value: string, protocols: readonly string[]): boolean {
  return URL.canParse(value) && protocols.includes(new URL(value).protocol)
}

function jsonOf<S extends z.ZodType>(schema: S, complaint: string) {
  return z.string().transform((value, context): z.output<S> => {
    return tell(context, () => schema.parse(JSON.parse(value)), complaint)
  })
}

function tell<T>(context: z.RefinementCtx, run: () => T, complaint?: string): T {
  try {
    return run()
  } catch (error) {
    context.addIssue({ code: 'custom', message: complaint ?? (error instanceof Error ? error.message : 'is wrong') })
    return z.NEVER
  }
}
