import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  agentTokenPrivateKey,
  booleanFlag,
  commonEnvironment,
  ConfigError,
  databaseUrl,
  readEnvironment,
} from './config.ts'
import { generateSecrets } from './secrets.ts'

const { SERVICE_KEYS, AGENT_TOKEN_PUBLIC_KEYS, AGENT_TOKEN_PRIVATE_KEY } = generateSecrets()
const complete = { SERVICE_KEYS, AGENT_TOKEN_PUBLIC_KEYS }

function mistakes(environment: Record<string, string>, schema: z.ZodObject = commonEnvironment): string {
  try {
    readEnvironment(schema, environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return ''
}

describe('readEnvironment', () => {
  it('takes an empty string for unset and fills the defaults in', () => {
    const config = readEnvironment(commonEnvironment, { ...complete, PORT: '', REDIS_URL: '' })
    expect(config).toMatchObject({ PORT: 4000, HOST: '127.0.0.1', LOG_LEVEL: 'info', NODE_ENV: 'development' })
    expect(config.REDIS_URL).toBeUndefined()
    expect(config.SERVICE_KEYS.map((key) => key.id)).toEqual(['gateway.1', 'support.1', 'intelligence.1'])
  })

  it('lists every mistake with what is expected', () => {
    const message = mistakes({ PORT: '70000', LOG_LEVEL: 'loud', NODE_ENV: 'staging' })
    expect(message).toContain('PORT: "70000" is not accepted; expected a port number from 0 to 65535')
    expect(message).toContain('LOG_LEVEL: "loud" is not accepted; expected one of trace')
    expect(message).toContain('NODE_ENV: "staging" is not accepted; expected one of development')
    expect(message).toContain('SERVICE_KEYS: is not set; expected service.label:base64secret')
    expect(message).toContain('AGENT_TOKEN_PUBLIC_KEYS: is not set')
    expect(message.split('\n')).toHaveLength(6)
  })

  it('never echoes a secret', () => {
    const schema = commonEnvironment.extend({
      SUPPORT_DATABASE_URL: databaseUrl,
      OPENAI_API_KEY: z.string().min(100).describe('a key'),
      AGENT_TOKEN_PRIVATE_KEY: agentTokenPrivateKey,
    })
    const message = mistakes(
      {
        SERVICE_KEYS: 'gateway.1:canary',
        AGENT_TOKEN_PUBLIC_KEYS: '{"canary":1',
        AGENT_TOKEN_PRIVATE_KEY: '"canary"',
        REDIS_URL: 'http://canary@host',
        SUPPORT_DATABASE_URL: 'mysql://root:canary@host/db',
        OPENAI_API_KEY: 'canary',
      },
      schema,
    )
    expect(message.split('\n')).toHaveLength(7)
    expect(message).not.toContain('canary')
  })

  it.each([
    ['nobody.1:' + Buffer.alloc(32).toString('base64'), 'belongs to no service'],
    ['gateway.1:' + Buffer.alloc(31).toString('base64'), 'less than 32 bytes'],
    ['gateway.1', 'not of the form'],
    [`${SERVICE_KEYS},${SERVICE_KEYS}`, 'appears twice'],
  ])('explains service keys that are wrong', (value, problem) => {
    expect(mistakes({ ...complete, SERVICE_KEYS: value })).toContain(problem)
  })

  it('refuses a private key where public ones belong', () => {
    const leaked = JSON.stringify({ keys: [JSON.parse(AGENT_TOKEN_PRIVATE_KEY)] })
    expect(mistakes({ ...complete, AGENT_TOKEN_PUBLIC_KEYS: leaked })).toContain('not a set of Ed25519 public keys')
  })

  it('lets a check of several variables explain itself', () => {
    const schema = commonEnvironment.refine((config) => config.PORT !== 1, 'PORT and HOST do not go together')
    expect(mistakes({ ...complete, PORT: '1' }, schema)).toContain('\n  PORT and HOST do not go together')
  })

  it('reads flags and clusters', () => {
    const schema = commonEnvironment.extend({ TLS: booleanFlag.default(false) })
    const config = readEnvironment(schema, { ...complete, TLS: '1', REDIS_URL: 'redis://a:1,redis://b:2' })
    expect(config).toMatchObject({ TLS: true, REDIS_URL: 'redis://a:1,redis://b:2' })
  })
})
