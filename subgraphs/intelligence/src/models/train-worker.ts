import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { bundleStamp, type ModelBundle } from '../analysis/bundle.ts'
import { trainBundle } from '../analysis/train-bundle.ts'
import { featureVersion } from '../features/catalogue.ts'
import type { CustomerHistory } from '../features/history.ts'
import { decodeModel, encodeModel } from '../learning/codec.ts'
import { judge } from './judge.ts'
import type { FromWorker, ToWorker, Work } from './work.ts'

const stamp = { ...bundleStamp, featureVersion }

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
  const histories = sent(port)
  if (work.task === 'judge')
    return judge(
      work.bundles.map((bytes) => decodeModel<ModelBundle>(bytes, stamp)),
      histories,
      work,
    )
  const onProgress = (share: number) => port.postMessage({ type: 'progress', share } satisfies FromWorker)
  return encodeModel(await trainBundle({ ...work, histories, onProgress }), stamp)
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
