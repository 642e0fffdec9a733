import { defineConfig } from 'prisma/config'

// Two databases, one tool: PRISMA_SERVICE=intelligence npx prisma migrate deploy
const service = process.env['PRISMA_SERVICE'] ?? 'support'
if (service !== 'support' && service !== 'intelligence') {
  throw new Error(`PRISMA_SERVICE is "${service}"; it names the database: support or intelligence`)
}
const url = process.env[service === 'support' ? 'SUPPORT_DATABASE_URL' : 'INTELLIGENCE_DATABASE_URL']

export default defineConfig({
  schema: `prisma/${service}/schema.prisma`,
  migrations: { path: `prisma/${service}/migrations` },
  ...(url ? { datasource: { url } } : {}),
})
