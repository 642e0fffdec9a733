// A process of its own, which a fault of its client would end: `hang-up.test.ts` looks at how it ends.
import { setTimeout as delay } from 'node:timers/promises'
import { hangUps, startHangingUp } from '@quimbi/testing/hang-up.ts'

// Node's own is at work before: that must not decide what is connected with.
await fetch('data:,')
const { safeFetch } = await import('@quimbi/service/fetch.ts')
const [which] = process.argv.slice(2)
const asked = which === 'global' ? fetch : safeFetch
const server = await startHangingUp()

/** What callers do with an answer: forget it, let go of it, read it slowly, or whole. */
const uses: ((answer: Response) => unknown)[] = [
  () => delay(50),
  (answer) => answer.body?.cancel(),
  (answer) => answer.text(),
  async (answer) => {
    for await (const _ of answer.body ?? []) await delay(5)
  },
]

for (const use of uses)
  for (let n = 0; n < hangUps.length; n += 12)
    await Promise.all(
      hangUps.slice(n, n + 12).map(async () => {
        // That an answer breaks off is told where it is read, and nowhere else.
        await Promise.try(async () => use(await asked(server.url))).catch(() => {})
      }),
    )
await server.close()
process.stdout.write('done')
