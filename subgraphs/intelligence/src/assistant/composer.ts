import { openDeadline, unlessAborted } from '@quimbi/service/deadline.ts'
import { codedError } from '@quimbi/service/errors.ts'
import type { ComposeMetrics, Fallback } from './compose-metrics.ts'
import type { Situation, Wish } from './situation.ts'
import type { Generator, Message, WriteOptions, Written } from './written.ts'

/** A message that may be shown, what wrote it, and why that was not the one that was asked to. */
export type Composed = Message &
  Pick<Written, 'personalization' | 'reasoning' | 'confidence'> & { generator: string; fallback: Fallback | null }

export type ComposeOptions = WriteOptions & {
  /** What is to write; the built-in writer unless given. */
  generator?: Generator | undefined
  metrics?: ComposeMetrics | undefined
}

/** What stands between what was written and what is shown. */
export type Tools = {
  builtIn: Generator
  verify(written: Written, situation: Situation): readonly unknown[]
  render(written: Written, situation: Situation, wish: Wish): Message | null
  verifyMessage(message: Message, situation: Situation): readonly unknown[]
}

/** A model that has not answered by then will not. */
const longestMs = 30_000

/**
 * Has a message written, by the generator where one is given and what it wrote can be verified and fits, else by the built-in writer. Nothing
 * leaves that was not verified, whatever wrote it. Rejects with the signal's reason once nobody waits any more.
 */
export async function composeWith(
  tools: Tools,
  situation: Situation,
  wish: Wish,
  { generator, signal, onText, metrics }: ComposeOptions = {},
): Promise<Composed> {
  const started = performance.now()
  const asked = generator ?? tools.builtIn
  const isModel = asked !== tools.builtIn
  const tried = isModel ? await byModel(tools, asked, { situation, wish, signal, onText }) : null
  signal?.throwIfAborted()
  const fallback = typeof tried === 'string' ? tried : null
  const composed = tried !== null && typeof tried !== 'string' ? tried : await byBuiltIn(tools, situation, wish)
  const seconds = (performance.now() - started) / 1_000
  metrics?.wrote(isModel ? 'model' : 'built-in', fallback ?? 'ok', seconds)
  return { ...composed, fallback }
}

type Whole = Omit<Composed, 'fallback'>
type Attempt = { situation: Situation; wish: Wish } & WriteOptions

async function byModel(tools: Tools, generator: Generator, attempt: Attempt): Promise<Whole | Fallback> {
  const deadline = openDeadline({ ms: longestMs, signal: attempt.signal })
  try {
    return await attemptWith(tools, generator, { ...attempt, signal: deadline.signal })
  } catch {
    return deadline.signal.aborted ? 'late' : 'away'
  } finally {
    deadline.close()
  }
}

async function attemptWith(tools: Tools, generator: Generator, attempt: Attempt): Promise<Whole | Fallback> {
  const { situation, wish, signal, onText } = attempt
  const written = await unlessAborted(generator.write(situation, wish, { signal, onText }), signal)
  if (tools.verify(written, situation).length > 0) return 'unverified'
  const message = tools.render(written, situation, wish)
  if (!message) return 'too_long'
  if (tools.verifyMessage(message, situation).length > 0) return 'unverified'
  const { personalization, reasoning, confidence } = written
  return { ...message, personalization, reasoning, confidence, generator: generator.name }
}

/** As it is wished; where that cannot be shown, the answer alone. */
async function byBuiltIn(tools: Tools, situation: Situation, wish: Wish): Promise<Whole> {
  for (const tried of [wish, { ...wish, length: 'SHORT' as const }]) {
    const whole = await attemptWith(tools, tools.builtIn, { situation, wish: tried })
    if (typeof whole !== 'string') return whole
  }
  throw codedError('INTERNAL_SERVER_ERROR', 'No message could be written that may be shown.')
}
