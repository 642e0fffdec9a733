import { cuesIn } from './cues.ts'
import { difficultyOf } from './difficulty.ts'
import { entitiesIn, type Entity } from './entities/entities.ts'
import { categoryOf, none } from './grammar/taxonomy.ts'
import { languageOf } from './language.ts'
import { type PromiseMade, promisesIn } from './promises.ts'
import { ownWords } from './sentences.ts'
import { type Sentiment, sentimentOf } from './sentiment/sentiment.ts'
import { createSentimentReader, type SentimentModel } from './sentiment/trained.ts'
import {
  alternativesOf,
  type Classification,
  createClassifier,
  type Classifier,
  type LabelScore,
  type Reading,
} from './text/classify.ts'
import type { TextModel } from './text/text-model.ts'
import { urgencyLevel, urgencyOf } from './urgency.ts'

/** `sentiment` null: VADER and what customers of shops say. Plain data. */
export type TriageModel = { intents: TextModel; sentiment: SentimentModel | null }

export type Turn = { fromAgent: boolean; content: string; createdAt?: Date | null | undefined }

export type TriageInput = {
  subject?: string | null | undefined
  /** oldest first */
  turns: readonly Turn[]
  channel: 'EMAIL' | 'SMS' | 'PHONE' | 'CHAT' | 'FORM'
  now: Date
  /** titles or SKUs of products to recognise */
  products?: readonly string[] | undefined
}

/** What a conversation is about; null where the model is not sure enough. */
export type Triage = {
  sentiment: Sentiment
  intent: Classification | null
  category: Classification | null
  tags: LabelScore[]
  difficulty: number
  language: string | null
  entities: Entity[]
  urgency: Classification | null
  promises: PromiseMade[]
}

/** Reads conversations by a model. */
export type Triager = {
  triage(input: TriageInput): Triage
  sentiment(texts: readonly string[]): Sentiment
  /** What these messages of one customer, oldest first, are about; `subject` is that of the first. */
  about(texts: readonly string[], subject?: string): About
}

export type About = { intent: Classification | null; category: Classification | null }

/** Said beside what matters: what came before still stands. */
const inPassing = new Set<string>(['thanks', none])
const live = new Set(['CHAT', 'PHONE'])
const mostPromises = 20
/** Of a longer conversation the newest turns are read, and of these what people write on two pages: a reading takes milliseconds. */
const mostTurns = 100
const mostCharacters = 10_000
/** Of one message, with what it quotes. */
const mostWritten = 50_000

/** A reader with buffers of its own: one a thread. */
export function createTriage(model: TriageModel): Triager {
  const classifier = createClassifier(model.intents)
  const scoreOf = model.sentiment ? createSentimentReader(model.sentiment) : undefined
  const feel = (said: readonly string[]) => sentimentOf(said, scoreOf)
  const grasp = (titled: readonly string[]) => aboutOf(titled.map((text) => aboutText(classifier, text)))

  const triage = ({ subject, turns: given, channel, now, products = [] }: TriageInput): Triage => {
    const turns = newest(given)
    const said = turns.filter(({ fromAgent }) => !fromAgent).map(({ content }) => content)
    const titled = withSubject(said, subject ?? '')
    const all = titled.join('\n')
    const feeling = feel(said)
    const { intent, category } = grasp(titled)
    const cues = cuesIn(all)
    const facts = { intent: intent?.label ?? null, sentiment: feeling.score, customerTurns: said.length }
    const words = all.split(/\s+/).length
    const questions = all.split('?').length - 1
    const urgency = urgencyOf({ ...facts, ...shouting(all), isLive: live.has(channel), cues: cues.urgency })
    return {
      sentiment: feeling,
      intent,
      category,
      tags: cues.tags,
      difficulty: difficultyOf({ ...facts, words, questions, cues: cues.difficulty }),
      language: languageOf(all),
      entities: entitiesIn(all, { now, products }),
      urgency:
        all === '' ? null : { ...urgencyLevel(urgency), evidence: evidenceOf(intent, cues.tags), alternatives: [] },
      promises: turns
        .filter(({ fromAgent }) => fromAgent)
        .flatMap(({ content, createdAt }) => promisesIn(content, createdAt ?? now))
        .slice(0, mostPromises),
    }
  }
  const heard = (texts: readonly string[]) =>
    newest(texts.map((content) => ({ fromAgent: false, content }))).map(({ content }) => content)
  return {
    triage,
    sentiment: (texts) => feel(heard(texts)),
    about: (texts, subject = '') => grasp(withSubject(heard(texts), subject)),
  }
}

/** The newest turns, each in its writer's own words, as far as they are read. */
function newest(given: readonly Turn[]): Turn[] {
  let left = mostCharacters
  const turns: Turn[] = []
  for (const turn of given.slice(-mostTurns).reverse()) {
    if (left <= 0) break
    const content = ownWords(turn.content.slice(0, mostWritten)).slice(0, left)
    left -= content.length
    turns.push({ ...turn, content })
  }
  return turns.reverse()
}

/** The newest of them that says surely what is wanted; a mere thank-you only where none does. */
function aboutOf(texts: readonly About[]): About {
  const newest = (name: keyof About): Classification | null => {
    const said = texts.map((text) => text[name]).filter((one) => one !== null)
    return said.findLast(({ label }) => !inPassing.has(label)) ?? said.at(-1) ?? null
  }
  return { intent: newest('intent'), category: newest('category') }
}

/** A category is as probable as its intents together: it may be sure where they are not. */
function aboutText({ labels, threshold, read, evidence }: Classifier, text: string): About {
  const reading = read(text)
  const category = inCategories(labels, reading)
  if (category.shares[category.best]! < threshold) return { intent: null, category: null }
  const say = (names: readonly string[], { shares, best }: Reading): Classification | null =>
    shares[best]! < threshold
      ? null
      : {
          label: names[best]!,
          confidence: shares[best]!,
          evidence: told,
          alternatives: alternativesOf(names, { shares, best }),
        }
  const told = evidence(text, reading.best)
  return { intent: say(labels, reading), category: say(category.names, category) }
}

function inCategories(labels: readonly string[], { shares, best }: Reading): Reading & { names: string[] } {
  const sums = new Map<string, number>()
  labels.forEach((label, k) => sums.set(categoryOf(label), (sums.get(categoryOf(label)) ?? 0) + shares[k]!))
  const names = [...sums.keys()]
  return { names, shares: Float64Array.from(sums.values()), best: names.indexOf(categoryOf(labels[best]!)) }
}

/** The subject belongs to the first message. */
function withSubject(said: string[], subject: string): string[] {
  const title = subject.replace(/^(?:(?:re|fwd?|aw|wg):\s{0,3}){1,5}/i, '').trim()
  const [first = '', ...later] = said
  return title === '' || first.startsWith(title) ? said : [`${title}\n${first}`.trim(), ...later]
}

function shouting(text: string): { capitals: number; exclamations: number } {
  const letters = text.match(/\p{L}/gu)?.length ?? 0
  const capitals = text.match(/\p{Lu}/gu)?.length ?? 0
  return { capitals: letters < 20 ? 0 : capitals / letters, exclamations: text.split('!').length - 1 }
}

const evidenceOf = (intent: Classification | null, tags: readonly LabelScore[]): string[] => [
  ...tags.map(({ label }) => label),
  ...(intent ? [intent.label] : []),
]
