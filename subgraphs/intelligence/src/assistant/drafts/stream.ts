import { leavable } from '@quimbi/service/channel.ts'
import type { Draft } from '../../../generated/resolvers.ts'
import { previousOf, type Again } from './previous.ts'
import { createTextFlow, type TextFlow } from './text-flow.ts'
import { draftView } from './view.ts'
import { knownDraft, planDraft, writeDraft, type Means, type Plan } from './write.ts'

export type DraftChunk = { text: string; done: boolean; draft: Draft | null }

/**
 * Another draft of the same conversation as it is written: what is shown before the last chunk was not verified yet and may be taken back; the
 * last one carries the whole message as it may be sent. The model is told to stop when the subscriber leaves.
 * @throws UserErrors as `regenerateDraft`
 */
export async function draftStream(means: Means, input: Again): Promise<AsyncGenerator<DraftChunk, undefined>> {
  const { ticket, wish } = await previousOf(means, input)
  const plan = await planDraft(means, ticket, wish)
  const leaving = new AbortController()
  const flow = createTextFlow()
  const leave = () => {
    leaving.abort(new Error('Nobody reads it any more.'))
    flow.end()
  }
  return leavable(chunks(means, plan, { flow, signal: leaving.signal }), leave)
}

async function* chunks(
  means: Means,
  plan: Plan,
  { flow, signal }: { flow: TextFlow; signal: AbortSignal },
): AsyncGenerator<DraftChunk, undefined> {
  const writing = (async () => {
    const known = await knownDraft(means, plan)
    return known ?? writeDraft(means, plan, { signal, onText: flow.push })
  })().finally(flow.end)
  // Awaited below; until then a failure must not go unheard.
  writing.catch(() => {})
  let hasStreamed = false
  for await (const text of flow) {
    hasStreamed = true
    yield { text, done: false, draft: null }
  }
  if (signal.aborted) return undefined
  const draft = draftView(await writing)
  // What was written at once comes word by word all the same: who shows one shows the other.
  if (!hasStreamed) for (const text of wordsOf(draft.content)) yield { text, done: false, draft: null }
  yield { text: draft.content, done: true, draft }
  return undefined
}

/** Each with the space after it: together they are the text. */
const wordsOf = (text: string): string[] => text.match(/\s*\S+\s*/g) ?? []
