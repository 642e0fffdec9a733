import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { agentTokenPrivateKey, agentTokenPublicKeys, readEnvironment, serviceKeys } from '@quimbi/service/config.ts'
import { generateSecrets, type Secrets } from '@quimbi/service/secrets.ts'
import { z } from 'zod'

const parsed = z.object({
  SERVICE_KEYS: serviceKeys,
  AGENT_TOKEN_PRIVATE_KEY: agentTokenPrivateKey,
  AGENT_TOKEN_PUBLIC_KEYS: agentTokenPublicKeys,
})

/** The environment's secrets; else those of this installation, made at the first start and kept beside its data. */
export function readSecrets(dataDir: string, environment: NodeJS.ProcessEnv): Secrets {
  const { SERVICE_KEYS, AGENT_TOKEN_PRIVATE_KEY, AGENT_TOKEN_PUBLIC_KEYS } = environment
  if (SERVICE_KEYS && AGENT_TOKEN_PRIVATE_KEY && AGENT_TOKEN_PUBLIC_KEYS) {
    return { SERVICE_KEYS, AGENT_TOKEN_PRIVATE_KEY, AGENT_TOKEN_PUBLIC_KEYS }
  }
  const file = join(dataDir, 'secrets.json')
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true })
    writeFileSync(file, JSON.stringify(generateSecrets()), { mode: 0o600, flag: 'wx' })
    chmodSync(file, 0o600)
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Secrets
}

/** Secrets as the services use them; throws a ConfigError for one that is damaged. */
export const parseSecrets = (secrets: Secrets) => readEnvironment(parsed, secrets)
