// A process of its own, which a fault of its client would end: `hang-up.test.ts` looks at how it ends.
import { setTimeout as delay } from 'node:timers/promises'
import { hangUps, startHangingUp } from '@quimbi/testing/hang-up.ts'
import OpenAI from 'openai'
import { ask, type Server } from './ask.ts'
import { cappedFetch } from './capped-fetch.ts'
import { failureOf } from './failures.ts'

const [which] = process.argv.slice(2)
const hostile = await startHangingUp()
const client = new OpenAI({ apiKey: 'key', baseURL: hostile.url, fetch: cappedFetch(1024 * 1024), maxRetries: 0 })
const server: Server = { client, model: 'm', maxCharacters: 1_000, plain: new Set() }
const prompt = { system: 's', user: 'u', maxTokens: 10, schema: { name: 'n', json: {}, isStrict: true } }
const received = () => ({ text: '', usage: null, isTaken: false })
const gone = new Error('gone')

/** As it is asked, as a caller leaves in the middle, and as nobody reads what came. */
const uses: Record<string, () => Promise<unknown>> = {
  asked: () =>
    ask(server, prompt, received(), {
      signal: new AbortController().signal,
      firstMs: 5_000,
      nextMs: 5_000,
      onFirst() {},
    }),
  left: async () => {
    const caller = new AbortController()
    const asked = ask(server, prompt, received(), {
      signal: caller.signal,
      firstMs: 5_000,
      nextMs: 5_000,
      onFirst() {},
    })
    await Promise.race([delay(3), asked.catch(() => {})])
    caller.abort(gone)
    await asked
  },
  unread: async () => {
    await client.chat.completions.create({ model: 'm', messages: [], stream: true }).asResponse()
    await delay(50)
  },
}

const outcomes = new Set<string>()
const use = uses[which ?? '']
if (!use) throw new Error('asked, left or unread')
for (let n = 0; n < hangUps.length; n += 12)
  await Promise.all(
    hangUps.slice(n, n + 12).map(() =>
      use().then(
        () => outcomes.add('answered'),
        (error: unknown) => outcomes.add(error === gone ? 'gone' : (failureOf(error) ?? 'an error')),
      ),
    ),
  )
await hostile.close()
process.stdout.write([...outcomes].toSorted().join(' '))
