import { parentPort, workerData } from 'node:worker_threads'
import { createContentTrainer } from '../insight/train-content.ts'
import type { FromContentWorker, ToContentWorker } from './content-thread.ts'

/** Product numbers kept to count pairs from: 8 MB. */
const maxEntries = 2_000_000

if (parentPort) {
  const port = parentPort
  const answer = (message: FromContentWorker) => port.postMessage(message)
  const { asOf } = workerData as { asOf: number }
  const trainer = createContentTrainer({ asOf, maxEntries })
  port.on('message', (histories: ToContentWorker) => {
    if (histories === null) return answer({ model: trainer.finish() })
    for (const history of histories) trainer.add(history)
    answer({ model: null })
  })
  answer({ model: null })
}
