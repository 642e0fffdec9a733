import { createHash } from 'node:crypto'
import { createLru } from '@quimbi/service/lru.ts'
import { askPeer, type PeerMeans } from '@quimbi/service/peer-graph.ts'
import { z } from 'zod'
import { priorities } from './language.ts'
import { surely, triageSchema, type TriageSource } from './triage.ts'

const deadlineMs = 2_000
/** Readings that are kept; each is a kilobyte or so. */
const mostKept = 1_000
/** Of a long conversation the newest turns are sent. */
const mostCharacters = 100_000

const query = `query SupportTriage($input: TriageInput!) { triageMessage(input: $input) {
  sentiment { score confidence } intent { label confidence evidence } category { label confidence evidence }
  urgency { label confidence evidence } tags { label confidence } difficulty entities { kind text } } }`

const share = z.number().min(0).max(1)
const label = z.object({ label: z.string(), confidence: share })
const classification = label.extend({ evidence: z.array(z.string()) }).nullable()
const readingSchema = z.object({
  sentiment: z.object({ score: share, confidence: share }),
  intent: classification,
  category: classification,
  urgency: classification,
  tags: z.array(label),
  difficulty: share,
  entities: z.array(z.object({ kind: z.string(), text: z.string() })),
})
type Reading = z.infer<typeof readingSchema>
type Told = z.input<typeof triageSchema>

const answer = z.object({ triageMessage: readingSchema })

/** Intelligence's graph as a reader of messages; what it read before it is not asked again. */
export function triageClient(means: PeerMeans): TriageSource {
  const ask = askPeer(means, { service: 'support', dependency: 'triage', deadlineMs })
  const kept = createLru<string, Told | 'nothing'>(mostKept)
  return async ({ tenantId, subject, channel, turns: said, text }, signal) => {
    const turns = newest(said.length > 0 ? said : [{ fromAgent: false, content: text }])
    const input = { subject, channel, turns }
    const key = createHash('sha256')
      .update(JSON.stringify([tenantId, input]))
      .digest('base64')
    const known = kept.get(key)
    if (known) return known === 'nothing' ? null : known
    const { triageMessage } = await ask({ query, variables: { input } }, answer, { tenantId, signal })
    const told = toldOf(triageMessage)
    kept.set(key, told ?? 'nothing')
    return told
  }
}

type Turn = { fromAgent: boolean; content: string }

function newest(said: readonly Turn[]): Turn[] {
  let left = mostCharacters
  const kept = said.toReversed().filter(({ content }) => (left -= content.length) >= 0)
  return kept.toReversed().map(({ fromAgent, content }) => ({ fromAgent, content }))
}

/** Says that it is none of the labels. */
const none = 'other'

/** What Support decides by: of a reading only what is sure enough; null where nothing is. Pure. */
export function toldOf({ sentiment, intent, category, urgency, tags, difficulty, entities }: Reading): Told | null {
  const isSure = (one: { confidence: number } | null) => one !== null && one.confidence >= surely
  const sure = {
    SENTIMENT: isSure(sentiment) ? sentiment : null,
    INTENT: isSure(intent) && intent?.label !== none ? intent : null,
    CATEGORY: isSure(category) && category?.label !== none ? category : null,
    PRIORITY: isSure(urgency) ? urgency : null,
  }
  const labels = tags.filter(isSure).slice(0, 20)
  const orderNumbers = entities.filter(({ kind, text }) => kind === 'ORDER_NUMBER' && text.length <= 40)
  const confidences = [...Object.values(sure), ...labels].flatMap((one) => one?.confidence ?? [])
  if (confidences.length === 0 && orderNumbers.length === 0) return null
  const evidence = [sure.INTENT, sure.CATEGORY, sure.PRIORITY].flatMap((one) => one?.evidence ?? [])
  return {
    sentiment: sure.SENTIMENT?.score ?? null,
    // It is mostly the intent's: where that is not known, difficulty is a guess.
    difficulty: sure.INTENT ? difficulty : null,
    intent: sure.INTENT?.label ?? null,
    category: sure.CATEGORY?.label ?? null,
    priority: priorities.find((priority) => priority === sure.PRIORITY?.label) ?? null,
    tags: labels.map(({ label }) => label),
    orderNumbers: orderNumbers.map(({ text }) => text).slice(0, 20),
    confidence: confidences.length > 0 ? Math.min(...confidences) : 1,
    confidences: {
      ...Object.fromEntries(Object.entries(sure).flatMap(([field, one]) => (one ? [[field, one.confidence]] : []))),
      ...(sure.INTENT && { DIFFICULTY: sure.INTENT.confidence }),
      ...Object.fromEntries(labels.map(({ label, confidence }) => [`TAG ${label}`, confidence])),
    },
    evidence: [...new Set(evidence)].slice(0, 20).map((text) => text.slice(0, 500)),
  }
}
