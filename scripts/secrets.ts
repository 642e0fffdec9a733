// `npm run secrets`: prints a fresh set of secrets in the form of an .env file. Nothing is kept.
import { randomBytes } from 'node:crypto'
import { generateSecrets } from '@quimbi/service/secrets.ts'

const help = `npm run secrets: prints a fresh set of secrets, e.g. npm run --silent secrets > .env

  SERVICE_KEYS               by which the services sign requests to each other
  AGENT_TOKEN_PRIVATE_KEY    signs agents' access tokens; for Support alone
  AGENT_TOKEN_PUBLIC_KEYS    verifies them; for every service
  METRICS_TOKEN              the bearer token that /metrics asks for
  POSTGRES_PASSWORD          docker-compose.yml: of the database server's superuser
  DATABASE_PASSWORD          docker-compose.yml: of the owner of both databases
`

if (process.argv.includes('--help')) process.stdout.write(help)
else {
  const password = () => randomBytes(24).toString('base64url')
  const secrets = {
    ...generateSecrets(),
    METRICS_TOKEN: password(),
    POSTGRES_PASSWORD: password(),
    DATABASE_PASSWORD: password(),
  }
  // In single quotes, which none of them holds: shells, Docker Compose and Node take what is between them as it is.
  for (const [name, value] of Object.entries(secrets)) process.stdout.write(`${name}='${value}'\n`)
}
