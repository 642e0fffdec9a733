import { createTestDatabase } from '@quimbi/testing/databases.ts'
import { runningServer } from './config.ts'
import { asker, type Ask } from './graph.ts'
import { startGraph } from './process.ts'

export type Server = { url: string; ask: Ask; close(): Promise<void> }

/** The graph with its console and a demo world of its own. */
export async function startServer(environment: NodeJS.ProcessEnv = {}): Promise<Server> {
  const running = runningServer()
  if (running) return { url: running, ask: asker(running), close: () => Promise.resolve() }
  const [support, intelligence] = await Promise.all([createTestDatabase('support'), createTestDatabase('intelligence')])
  const databases = { SUPPORT_DATABASE_URL: support.url, INTELLIGENCE_DATABASE_URL: intelligence.url }
  const { url, stop } = await startGraph({ ...databases, ...environment })
  return {
    url,
    ask: asker(url),
    async close() {
      await stop()
      await Promise.all([support.drop(), intelligence.drop()])
    },
  }
}
