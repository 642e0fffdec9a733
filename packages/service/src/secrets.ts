import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { serviceNames } from './viewer.ts'

/** One value per environment variable. */
export type Secrets = {
  SERVICE_KEYS: string
  /** A private JWK as JSON: Support's only. */
  AGENT_TOKEN_PRIVATE_KEY: string
  /** A JWKS as JSON: for every service. */
  AGENT_TOKEN_PUBLIC_KEYS: string
}

/** A fresh, complete set. Rotate by putting the new key before the old ones, and dropping those a day later. */
export function generateSecrets(): Secrets {
  const kid = randomBytes(8).toString('hex')
  const pair = generateKeyPairSync('ed25519')
  const describe = { kid, alg: 'EdDSA', use: 'sig' }
  return {
    SERVICE_KEYS: serviceNames.map((service) => `${service}.1:${randomBytes(32).toString('base64')}`).join(','),
    AGENT_TOKEN_PRIVATE_KEY: JSON.stringify({ ...pair.privateKey.export({ format: 'jwk' }), ...describe }),
    AGENT_TOKEN_PUBLIC_KEYS: JSON.stringify({ keys: [{ ...pair.publicKey.export({ format: 'jwk' }), ...describe }] }),
  }
}
