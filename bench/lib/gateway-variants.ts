// A gateway as a process of its own: fork it with the variant's name, the supergraph's file and, as JSON, where the subgraphs are.
import { readFileSync } from 'node:fs'
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { createGraph } from '@quimbi/gateway/engine/prepare.ts'
import { printSchema } from 'graphql'
import { insightOf, supportResolvers } from './gateway-data.ts'
import type { Urls } from './gateway-graphs.ts'
import { serveOurs } from './gateway-ours.ts'

/** Each starts serving and tells the address of its GraphQL door. */
const variants: Record<string, (supergraphSdl: string, urls: Urls) => Promise<string>> = {
  async stock(supergraphSdl) {
    const { ApolloGateway } = await import('@apollo/gateway')
    const gateway = new ApolloGateway({ supergraphSdl, logger: console })
    return served(new ApolloServer({ gateway }))
  },
  ours: serveOurs,
  /** The same schema in one process, without federation. */
  async single(supergraphSdl) {
    const typeDefs = printSchema(createGraph(supergraphSdl).schema)
    const insight =
      (field: 'dna' | 'churnRisk' | 'ltvForecast') =>
      ({ id }: { id: string }) =>
        insightOf(id)[field]
    const Customer = { dna: insight('dna'), churnRisk: insight('churnRisk'), ltvForecast: insight('ltvForecast') }
    return served(new ApolloServer({ typeDefs, resolvers: { ...supportResolvers.support, Customer } }))
  },
}

const served = async (server: ApolloServer): Promise<string> =>
  (await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } })).url

const [name = '', file = '', urls = '{}'] = process.argv.slice(2)
const start = variants[name]
if (!start) throw new Error(`There is no gateway "${name}"`)
const url = await start(readFileSync(file, 'utf8'), JSON.parse(urls) as Urls)
process.send?.({ url })
process.on('message', () => process.send?.({ cpu: process.cpuUsage(), rss: process.memoryUsage.rss() }))
process.on('disconnect', () => process.exit(0))
