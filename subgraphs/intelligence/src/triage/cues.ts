import type { LabelScore } from './text/classify.ts'

/**
 * What a message says beside its intent, that an agent wants to know before opening it. `tag` with how often it is right; `urgency` and
 * `difficulty` are added to those of the message (see urgency.ts and difficulty.ts). A cue that is denied ("not urgent") is none.
 */
type Cue = { tag: string; confidence: number; urgency: number; difficulty: number; pattern: RegExp }

const cue = (tag: string, confidence: number, urgency: number, difficulty: number, source: string): Cue => ({
  tag,
  confidence,
  urgency,
  difficulty,
  pattern: new RegExp(`\\b(?:${source})\\b`, 'gi'),
})

const cues: readonly Cue[] = [
  cue(
    'urgent',
    0.9,
    0.3,
    0,
    'urgent(?:ly)?|asap|as soon as possible|immediately|right away|emergency|at once|time.sensitive',
  ),
  cue(
    'deadline',
    0.8,
    0.2,
    0.05,
    '(?:need(?:ed)?|must|has to|have to|want) (?:\\w+ ){0,5}(?:by|before|for|until) (?:tomorrow|tonight|today|monday|tuesday|wednesday|thursday|friday|saturday|sunday|the weekend|christmas|my (?:wedding|birthday|trip|flight))|(?:wedding|birthday|funeral|flight|party|exam) (?:is )?(?:tomorrow|today|tonight|on \\w+|this \\w+)',
  ),
  cue(
    'safety',
    0.9,
    0.6,
    0.2,
    'caught fire|burn(?:ed|t)|smok(?:e|ing)|explod\\w+|electric shock|injur\\w+|bleeding|hospital|allergic reaction|poison\\w*|swollen battery|overheat\\w+|choking|hazard\\w*|dangerous',
  ),
  cue(
    'legal',
    0.9,
    0.35,
    0.3,
    'lawyer|attorney|solicitor|legal action|small claims|sue|suing|court|trading standards|ombudsman|consumer (?:agency|protection|rights)|gdpr',
  ),
  cue(
    'fraud',
    0.85,
    0.45,
    0.25,
    'fraud\\w*|hacked|stolen (?:card|account|identity)|unauthori[sz]ed|did ?n.?t (?:make|place|authori[sz]e)|phishing|identity theft',
  ),
  cue(
    'chargeback',
    0.9,
    0.3,
    0.25,
    'charge ?back|dispute (?:\\w+ ){0,3}(?:charge|payment|bank|paypal|card)|paypal (?:case|claim)',
  ),
  cue(
    'press',
    0.75,
    0.3,
    0.2,
    'journalist|reporter|go(?:ing)? viral|bad review|post (?:\\w+ ){0,4}(?:online|facebook|twitter|tiktok|instagram|trustpilot|reddit)|trustpilot',
  ),
  cue(
    'cancellation-risk',
    0.8,
    0.2,
    0.1,
    '(?:never|not) (?:\\w+ )?(?:order|shop|buy)(?:ing)? (?:\\w+ ){0,3}again|last time i|(?:los(?:e|ing)|lost) (?:me as )?a customer|take my business elsewhere|(?:switch|switching) to (?:a competitor|another)|close my account',
  ),
  cue(
    'repeat-contact',
    0.85,
    0.2,
    0.15,
    '(?:second|third|fourth|fifth|2nd|3rd|4th|5th) (?:time|e-?mail|message|call)|already (?:called|wrote|written|e-?mailed|contacted)|(?:no|without) (?:reply|response|answer)|again and again|following up|follow-up|still no(?:thing| answer| reply)',
  ),
  cue(
    'wants-human',
    0.9,
    0.1,
    0.05,
    '(?:real|actual|live) (?:person|human|agent)|(?:speak|talk|chat)(?:ing)? (?:to|with) (?:a|an|your|some) ?(?:human|person|manager|supervisor|agent|someone|one|body)|call me(?: back)?|supervisor',
  ),
  cue('gift', 0.7, 0, 0, '(?:gift|present) for|(?:as|was) a (?:gift|present)|gift'),
  cue(
    'waiting',
    0.7,
    0.12,
    0.05,
    '(?:waiting|waited) (?:\\w+ ){0,3}(?:days?|weeks?|months?|ages|long)|(?:days?|weeks?|months?) ago|for (?:over |more than )?(?:\\w+ )(?:weeks|months)',
  ),
]

export type CueSum = { tags: LabelScore[]; urgency: number; difficulty: number }

const denial = /\b(?:not|n.?t|no|never|isn.?t|without|nothing)(?: \w+){0,2} $/i
const mostCharacters = 4_000

/** The cues of a text, with what they add to its urgency and difficulty. */
export function cuesIn(text: string): CueSum {
  const read = text.slice(0, mostCharacters)
  const said = cues.filter(({ pattern }) =>
    [...read.matchAll(pattern)].some(({ index }) => !denial.test(read.slice(Math.max(0, index - 30), index))),
  )
  return {
    tags: said.map(({ tag, confidence }) => ({ label: tag, confidence })),
    urgency: said.reduce((sum, { urgency }) => sum + urgency, 0),
    difficulty: said.reduce((sum, { difficulty }) => sum + difficulty, 0),
  }
}
