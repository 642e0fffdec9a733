// @ts-nocheck: its packages are installed by the benchmark, and only then.
// Another gateway as a process of its own: fork it with its name, the supergraph's file and, as JSON, where the subgraphs are.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

const variants = {
  'hive js': (file) => hive(file, {}),
  'hive native': async (file) => hive(file, await import('@graphql-hive/router-runtime')),
  mercurius,
}

async function hive(file, { unifiedGraphHandler }) {
  const { createGatewayRuntime } = await import('@graphql-hive/gateway-runtime')
  const http = await import('@graphql-mesh/transport-http')
  const gateway = createGatewayRuntime({
    supergraph: readFileSync(file, 'utf8'),
    transports: { http },
    logging: false,
    graphiql: false,
    landingPage: false,
    ...(unifiedGraphHandler && { unifiedGraphHandler }),
  })
  return listening(createServer((request, response) => void gateway(request, response)))
}

/** It composes by itself, from subgraphs in the form of Federation 1. */
async function mercurius(_file, urls) {
  const { default: fastify } = await import('fastify')
  const { default: plugin } = await import('@mercuriusjs/gateway')
  const schemas = {
    support: `
      type Query { tickets(first: Int!, search: String, customers: Int): [Ticket!]!  ticket(id: ID!, search: String): Ticket }
      type Ticket @key(fields: "id") {
        id: ID! number: Int! subject: String! status: Status! priority: Float! openedAt: String! customer: Customer! tags: [String!]!
      }
      type Customer @key(fields: "id") { id: ID! name: String! email: String }
      enum Status { OPEN PENDING CLOSED }`,
    intelligence: `
      extend type Customer @key(fields: "id") { id: ID! @external dna: Dna churnRisk: ChurnRisk ltvForecast: LtvForecast }
      type Dna { archetype: String! summary: String confidence: Float! }
      type ChurnRisk { score: Float! level: Level! }
      type LtvForecast { amount: Float! currencyCode: String! }
      enum Level { LOW MEDIUM HIGH }`,
  }
  const services = Object.entries(schemas).map(([name, schema]) => {
    return { name, schema, url: `${urls[name]}/graphql`, connections: 64, pipelining: 1, keepAlive: 30_000 }
  })
  const app = fastify()
  await app.register(plugin, { jit: 1, gateway: { services } })
  return `${await app.listen({ port: 0, host: '127.0.0.1' })}/graphql`
}

function listening(server) {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}/graphql`))
  })
}

const [name, file, urls] = process.argv.slice(2)
const url = await variants[name](file, JSON.parse(urls))
process.send({ url })
process.on('message', () => process.send({ cpu: process.cpuUsage(), rss: process.memoryUsage.rss() }))
process.on('disconnect', () => process.exit(0))
