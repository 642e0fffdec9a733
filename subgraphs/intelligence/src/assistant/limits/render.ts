import type { Channel, Situation, Wish } from '../situation.ts'
import type { Message, Sentence, Written } from '../written.ts'
import { bare, type Frame, framesOf } from './frame.ts'
import { usedOf } from './limits.ts'

/**
 * The message as it is sent: greeting, paragraphs, closing, within the channel's limit. What matters least goes first, from the end: sentences
 * of importance 3, then the signature, sentences of importance 2, last the greeting. Null when what must be said does not fit by itself.
 */
export const render = (written: Written, situation: Situation, { tone }: Wish): Message | null =>
  renderIn(framesOf(situation, tone), written, situation.channel)

/** The same in a frame of one's own, or in a lesser one. */
export function renderIn(
  [full, lesserFrame = full]: readonly Frame[],
  written: Pick<Written, 'paragraphs'>,
  channel: Channel,
): Message | null {
  const whole = written.paragraphs.map((sentences) => sentences.filter(({ text }) => text.trim() !== ''))
  const plain = leastOf(whole, 3)
  const lesser = leastOf(plain.at(-1)!, 2)
  const tries: [Sentence[][], Frame][] = [
    ...plain.map((body): [Sentence[][], Frame] => [body, full!]),
    ...lesser.map((body): [Sentence[][], Frame] => [body, lesserFrame!]),
    [lesser.at(-1)!, bare],
  ]
  for (const [body, frame] of tries) {
    const message = messageOf(body, frame, channel)
    if (message) return message
  }
  return null
}

/** The whole, then with one sentence less of this importance and of those above, from the end, until none is left. */
function leastOf(paragraphs: Sentence[][], importance: 2 | 3): Sentence[][][] {
  const dropped = paragraphs
    .flat()
    .filter((sentence) => sentence.importance >= importance)
    .reverse()
  const steps = [paragraphs]
  for (const sentence of dropped)
    steps.push(steps.at(-1)!.map((sentences) => sentences.filter((one) => one !== sentence)))
  return steps
}

function messageOf(paragraphs: Sentence[][], { before, after }: Frame, channel: Channel): Message | null {
  const filled = paragraphs.filter((sentences) => sentences.length > 0)
  if (filled.length === 0) return null
  const between = channel === 'SMS' ? ' ' : '\n\n'
  const texts = filled.map((sentences) => sentences.map(({ text }) => text.trim()).join(' '))
  const content = before + texts.join(between) + after
  const limit = usedOf(channel, content)
  if (limit.used > limit.max) return null
  const citations = filled
    .flat()
    .flatMap(({ text, cites }) => cites.map((cite) => ({ ...cite, sentence: text.trim() })))
  return { content, limit, citations }
}
