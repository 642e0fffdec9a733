import { Worker } from 'node:worker_threads'
import { codedError } from '@quimbi/service/errors.ts'
import type { CustomerHistory } from '../features/history.ts'
import type { ContentModel } from '../insight/content.ts'

/** A page of histories; null after the last. */
export type ToContentWorker = CustomerHistory[] | null
/** It asks for a page, until it has the model. */
export type FromContentWorker = { model: ContentModel | null }

/**
 * Counts what is bought together on a thread of its own, which asks for one page after the other.
 * @throws what the thread throws; GraphQLError SUBGRAPH_UNAVAILABLE (retryable) where it ends without an answer
 */
export async function learnContent(
  pages: AsyncGenerator<CustomerHistory[]>,
  asOf: number,
  file = new URL('./content-worker.ts', import.meta.url),
): Promise<ContentModel> {
  const worker = new Worker(file, { workerData: { asOf } })
  const end = Promise.withResolvers<ContentModel>()
  const fail = (error: unknown) => end.reject(error)
  const gone = () =>
    fail(codedError('SUBGRAPH_UNAVAILABLE', 'Recommendations could not be computed; try again.', retry))
  worker.on('message', ({ model }: FromContentWorker) => {
    if (model) end.resolve(model)
    else
      pages.next().then(({ value, done }) => worker.postMessage((done ? null : value) satisfies ToContentWorker), fail)
  })
  worker.once('error', fail)
  worker.once('exit', gone)
  try {
    return await end.promise
  } finally {
    await worker.terminate()
    await pages.return(undefined)
  }
}

const retry = { retryable: true, reason: 'THREAD_ENDED' }
