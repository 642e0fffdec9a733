import { parentPort } from 'node:worker_threads'
import { trainShipped } from './shipped.ts'

parentPort?.postMessage(trainShipped())
