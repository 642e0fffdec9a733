import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { trainBundle } from '../analysis/train-bundle.ts'
import type { CustomerHistory } from '../features/history.ts'
import { judge } from './judge.ts'
import { priorBundle } from './prior.ts'
import { spreadOf, type Spread } from './spread.ts'
import type { FromWorker, Taught, ToWorker, Work } from './work.ts'

/** The pages that the other side sends, one asked for at a time. */
async function* sent(port: MessagePort): AsyncGenerator<CustomerHistory> {
  for (;;) {
    const message = await new Promise<ToWorker>((resolve) => {
      port.once('message', resolve)
      port.postMessage({ type: 'more' } satisfies FromWorker)
    })
    if (message.type === 'end') return
    yield* message.histories
  }
}

async function run(port: MessagePort, work: Work): Promise<unknown> {
  if (work.task === 'prior') return priorBundle(work)
  const histories = sent(port)
  if (work.task === 'judge') return judge(work.bundles, histories, work)
  const onProgress = (share: number) => port.postMessage({ type: 'progress', share } satisfies FromWorker)
  let spread: Spread = []
  const bundle = await trainBundle({ ...work, histories, onProgress, onRows: (rows) => (spread = spreadOf(rows)) })
  return { bundle, spread } satisfies Taught
}

if (parentPort) {
  const port = parentPort
  try {
    port.postMessage({ type: 'done', result: await run(port, workerData as Work) } satisfies FromWorker)
  } catch (error) {
    const { message, extensions } = error as { message: string; extensions?: { reason?: string } }
    port.postMessage({ type: 'failed', message, reason: extensions?.reason } satisfies FromWorker)
  }
  port.close()
}
