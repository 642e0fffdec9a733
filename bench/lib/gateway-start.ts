import { spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { composeAt, graphs, type GraphName, type Urls } from './gateway-graphs.ts'
import { forkTelling, type Gateway } from './gateway-load.ts'

const subgraphFile = new URL('./gateway-subgraph.ts', import.meta.url)
const variantsFile = new URL('./gateway-variants.ts', import.meta.url)
const peersFile = new URL('../peers/gateway.mjs', import.meta.url)

/** A gateway that does not start is left out, with the reason. */
export type Started = { gateways: Gateway[]; missing: string[] }

/** The subgraphs of a graph, and gateways on them: each a process, the gateways on one core of their own. */
export async function startGraph(
  graph: GraphName,
  { ours, peers }: { ours: readonly string[]; peers: readonly string[] },
  children: ChildProcess[],
): Promise<Started> {
  const urls: Record<string, string> = {}
  for (const name of Object.keys(graphs[graph].subgraphs)) {
    const { child, told } = await forkTelling<{ port: number }>(subgraphFile, [graph, name])
    children.push(child)
    urls[name] = `http://127.0.0.1:${told.port}`
  }
  const folder = mkdtempSync(join(tmpdir(), 'quimbi-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'supergraph.graphql')
  writeFileSync(file, composeAt(graph, urls))
  const started: Started = { gateways: [], missing: [] }
  for (const name of ours) started.gateways.push(await startOne(variantsFile, name, file, urls, children))
  for (const name of peers) {
    try {
      started.gateways.push(await startOne(peersFile, name, file, urls, children))
    } catch (error) {
      started.missing.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return started
}

async function startOne(script: URL, name: string, file: string, urls: Urls, children: ChildProcess[]) {
  const { child, told } = await forkTelling<{ url: string }>(script, [name, file, JSON.stringify(urls)])
  children.push(child)
  pin(child)
  return { name, url: told.url, child }
}

/** To the first core, all threads; where the machine has no such tool, the system decides. */
function pin({ pid }: ChildProcess): void {
  if (availableParallelism() > 1 && pid !== undefined)
    spawnSync('taskset', ['-acp', '0', String(pid)], { stdio: 'ignore' })
}
