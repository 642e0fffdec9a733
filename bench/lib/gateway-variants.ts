// A gateway as a process of its own: fork it with the variant's name and, as JSON, where the subgraphs are.
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { serveOurs } from './gateway-ours.ts'
import { composeAt, type SubgraphName } from './gateway-work.ts'

type Urls = Readonly<Record<SubgraphName, string>>

/** Each starts serving and tells the address of its GraphQL door. */
const variants: Record<string, (urls: Urls) => Promise<string>> = {
  async stock(urls) {
    const { ApolloGateway } = await import('@apollo/gateway')
    const gateway = new ApolloGateway({ supergraphSdl: composeAt(urls), logger: console })
    const { url } = await startStandaloneServer(new ApolloServer({ gateway }), {
      listen: { port: 0, host: '127.0.0.1' },
    })
    return url
  },
  ours: serveOurs,
}

const [name = '', urls = '{}'] = process.argv.slice(2)
const start = variants[name]
if (!start) throw new Error(`There is no gateway "${name}"`)
const url = await start(JSON.parse(urls) as Urls)
process.send?.({ url })
process.on('message', () => process.send?.({ cpu: process.cpuUsage(), rss: process.memoryUsage.rss() }))
process.on('disconnect', () => process.exit(0))
