import { parseArgs } from 'node:util'
import { fixedClock } from '@quimbi/service/clock.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createAdapters } from '../src/channels/adapters.ts'
import { createDeliverer } from '../src/channels/deliverer.ts'
import { openSupportDatabase } from '../src/database.ts'

// A deliverer in a process of its own, for tests that kill it: at the step that it is told it says so, and goes no further.

const options = {
  database: { type: 'string' },
  smtp: { type: 'string' },
  now: { type: 'string' },
  step: { type: 'string' },
} as const
const { database: url = '', smtp: smtpUrl = '', now = '', step } = parseArgs({ options }).values

const settings = { publicUrl: 'http://support.example', filesDir: 'unused', smtpUrl, mailFrom: 'support@shop.example' }
const deliverer = createDeliverer({
  database: await openSupportDatabase({ url, max: 3 }),
  clock: fixedClock(now),
  log: createLogger({ service: 'support', level: 'fatal' }),
  settings,
  adapters: createAdapters(settings),
  files: { open: () => Promise.reject(new Error('no files here')) },
  concurrency: 1,
  async onStep(reached) {
    if (reached !== step) return
    process.stdout.write(`at ${reached}`)
    await new Promise(() => setInterval(() => {}, 1_000))
  },
})
await deliverer.start()
