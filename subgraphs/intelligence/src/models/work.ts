import { Worker } from 'node:worker_threads'
import type { ModelBundle } from '../analysis/bundle.ts'
import type { TrainingInput } from '../analysis/train-bundle.ts'
import type { CustomerHistory } from '../features/history.ts'
import type { Judgement } from './judge.ts'
import type { PriorOptions } from './prior.ts'
import type { Spread } from './spread.ts'

type TrainingOptions = Omit<TrainingInput, 'histories' | 'onProgress' | 'onRows'>
type Judging = { bundles: readonly ModelBundle[]; asOf: number; horizonDays: number }

/** What a training makes: the models, and how the features that they learnt from were spread. */
export type Taught = { bundle: ModelBundle; spread: Spread }

/** What a worker thread is to do, the first two with the histories that it is sent. */
export type Work =
  ({ task: 'train' } & TrainingOptions) | ({ task: 'judge' } & Judging) | ({ task: 'prior' } & PriorOptions)

export type ToWorker = { type: 'histories'; histories: CustomerHistory[] } | { type: 'end' }
export type FromWorker =
  | { type: 'more' }
  | { type: 'progress'; share: number }
  | { type: 'done'; result: unknown }
  | { type: 'failed'; message: string; reason?: string | undefined }

/** What a training could not do, and why: `INSUFFICIENT_DATA`, `NO_SPEND`, … */
export class TrainingFailed extends Error {
  readonly reason: string | undefined
  constructor(message: string, reason?: string) {
    super(message)
    this.name = 'TrainingFailed'
    this.reason = reason
  }
}

type Means = {
  histories: AsyncIterable<CustomerHistory>
  signal?: AbortSignal
  onProgress?: (share: number) => void
}

export const train = (options: TrainingOptions, means: Means): Promise<Taught> =>
  inWorker<Taught>({ task: 'train', ...options }, means)

export const judgeAll = (options: Judging, means: Means): Promise<Judgement[]> =>
  inWorker<Judgement[]>({ task: 'judge', ...options }, means)

export const makePrior = (options: PriorOptions): Promise<ModelBundle> =>
  inWorker<ModelBundle>({ task: 'prior', ...options }, { histories: nobody() })

const pageSize = 500

/** Runs it on a thread of its own, which asks for one page after the other: requests go on, and memory stays flat here. */
async function inWorker<T>(work: Work, { histories, signal, onProgress }: Means): Promise<T> {
  const stopped = () => new TrainingFailed('The training was stopped.', 'STOPPED')
  if (signal?.aborted) throw stopped()
  const pages = inPages(histories)
  const worker = new Worker(new URL('./train-worker.ts', import.meta.url), { workerData: work })
  const end = Promise.withResolvers<T>()
  const abort = () => end.reject(stopped())
  const sendPage = async () => {
    const { value, done } = await pages.next()
    worker.postMessage((done ? { type: 'end' } : { type: 'histories', histories: value }) satisfies ToWorker)
  }
  signal?.addEventListener('abort', abort, { once: true })
  worker.on('message', (message: FromWorker) => {
    if (message.type === 'progress') onProgress?.(message.share)
    else if (message.type === 'done') end.resolve(message.result as T)
    else if (message.type === 'failed') end.reject(new TrainingFailed(message.message, message.reason))
    else sendPage().catch(end.reject)
  })
  worker.once('error', end.reject)
  worker.once('exit', (code) => end.reject(new TrainingFailed(`The training's thread ended with ${code}.`, 'ENDED')))
  try {
    return await end.promise
  } finally {
    signal?.removeEventListener('abort', abort)
    await worker.terminate()
    await pages.return(undefined)
  }
}

async function* inPages(histories: AsyncIterable<CustomerHistory>): AsyncGenerator<CustomerHistory[], undefined> {
  let page: CustomerHistory[] = []
  for await (const history of histories) {
    page.push(history)
    if (page.length < pageSize) continue
    yield page
    page = []
  }
  if (page.length > 0) yield page
  return undefined
}

async function* nobody(): AsyncGenerator<CustomerHistory> {}
