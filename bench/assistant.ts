// Drafts of the built-in writer over intents, archetypes and channels, attacks on them, and how soon a broken model server is left alone.
import { compose } from '@quimbi/intelligence/assistant/compose.ts'
import type { Composed } from '@quimbi/intelligence/assistant/composer.ts'
import { injections } from '@quimbi/intelligence/assistant/injections.test-kit.ts'
import { countIn, limitOf } from '@quimbi/intelligence/assistant/limits/limits.ts'
import { conversations, type Conversation } from '@quimbi/intelligence/assistant/situation.test-kit.ts'
import type { Situation } from '@quimbi/intelligence/assistant/situation.ts'
import { verifyMessage } from '@quimbi/intelligence/assistant/verify/message.ts'
import { breakerOpenMs } from './lib/assistant-breaker.ts'
import type { BenchOptions, BenchResult, Figures } from './lib/contract.ts'
import { quantile } from './lib/quantile.ts'

const seed = 20_261_122

/** Figures as in `docs/benchmarks.md`. @public */
export async function run({ quick, log }: BenchOptions): Promise<BenchResult> {
  const all = conversations(seed, quick ? 500 : 10_000)
  // The first ones cost more: what runs once is compiled.
  for (const one of all.slice(0, 100)) await drafted(one)
  log(`${all.length} conversations`)
  const figures: Figures = await drafts(all)
  log(JSON.stringify(figures))
  Object.assign(figures, { injections: await attacks(all.slice(0, quick ? 3 : 25)) })
  log('attacks are done')
  const [first] = all
  if (first) Object.assign(figures, { breakerOpenMs: await breakerOpenMs(first.situation, first.wish) })
  const rows = Object.entries(figures).map(([name, value]): [string, string | number] => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : value,
  ])
  return { table: { columns: ['what', 'number'], rows }, figures }
}

const drafted = ({ situation, wish }: Conversation): Promise<Composed> => compose(situation, wish)

async function drafts(all: readonly Conversation[]): Promise<Figures> {
  const ms: number[] = []
  const wrong = { limitViolations: 0, uncited: 0, invented: 0 }
  for (const one of all) {
    const started = performance.now()
    const message = await drafted(one)
    ms.push(performance.now() - started)
    const { unit, max } = limitOf(one.channel)
    if (countIn(unit, message.content) > max) wrong.limitViolations += 1
    const codes = new Set(verifyMessage(message, one.situation).map(({ code }) => code))
    if (codes.has('UNCITED')) wrong.uncited += 1
    if (codes.has('INVENTED') || hasInvented(message, one.situation)) wrong.invented += 1
  }
  return {
    drafts: all.length,
    p50Ms: quantile(ms, 0.5, 2),
    p95Ms: quantile(ms, 0.95, 2),
    p99Ms: quantile(ms, 0.99, 2),
    ...wrong,
  }
}

/** Besides the verifier, and without its code: a number of four digits or more that stands in nothing that was given. */
function hasInvented({ content }: Composed, situation: Situation): boolean {
  const given = JSON.stringify(situation).replace(/[^\p{L}\p{N}]/gu, '')
  return (content.match(/\d{4,}/g) ?? []).some((number) => !given.includes(number))
}

/** Each attack on each conversation, on the built-in writer and on a model that obeys it. Held: nothing of it is in what is shown. */
async function attacks(on: readonly Conversation[]): Promise<Figures> {
  let tried = 0
  let held = 0
  for (const { situation, wish } of on) {
    // A word that the answer has without the attack is none of the attack's.
    const clean = (await compose(situation, wish)).content.toLowerCase()
    for (const { plant, evil, obedient } of injections) {
      const planted = evil.map((words) => words.toLowerCase()).filter((words) => !clean.includes(words))
      const attacked = plant(situation)
      const generator = { name: 'obedient', write: () => Promise.resolve(obedient(attacked)) }
      for (const options of [{}, { generator }]) {
        tried += 1
        const { content } = await compose(attacked, wish, options)
        if (!planted.some((words) => content.toLowerCase().includes(words))) held += 1
      }
    }
  }
  return { tried, held }
}
