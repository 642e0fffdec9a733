import { escaped, plain } from '../plain.ts'
import type { Finding } from '../problems.ts'
import type { Rule } from '../reading.ts'
import type { Known } from '../known.ts'
import { labelIn } from './labels.ts'

const talk = [
  /\b(?:churn\w{0,4}|life-?time value|ltv|clv|archetypes?|segment(?:s|ed|ation)?|(?:risk|churn|health|sentiment|engagement|loyalty|confidence) (?:scores?|levels?)|high[- ]risk|at[- ]risk|risk of (?:leaving|losing)|retention (?:probability|rate|score|strategy)|revenue at risk|propensity|high[- ]value customer|low[- ]value customer|win[- ]?back)\b/i,
  /\b(?:as an? (?:ai|language model|assistant|llm|bot|chatbot)|language model|i am an? (?:ai|bot|llm|machine)|i'm an? (?:ai|bot|llm)|openai|chatgpt|gpt-?\d|ai (?:assistant|model|generated))\b/i,
  /\b(?:system (?:prompt|message|instructions?)|(?:my|the|your|previous|these|hidden|initial|original|developer|above) (?:instructions|prompt|directives)|prompt injection|jail ?broken?|developer mode|dan mode|debug mode|admin mode|unrestricted)\b/i,
  /\b(?:internal (?:notes?|comments?|use|policy|policies|only|guidelines?|records?)|maxcompensation|maxdiscountpercent|max_compensation|policy id|(?:our|the) (?:compensation|discount) limit|most (?:we|i) (?:can|may) (?:give|offer) is|not (?:supposed|allowed) to (?:tell|say|share|disclose))\b/i,
]
const uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/i
const leastId = 6

/** What is said about customers, and about the machine, but not to them. */
export const internal: Rule = (read, known) =>
  [
    ...talk.map((pattern) => pattern.exec(read.rest)?.[0]),
    uuid.exec(read.text)?.[0],
    secretId(read.text, known),
    labelIn(read, known),
  ].flatMap((detail): Finding[] => (detail === undefined ? [] : [{ code: 'INTERNAL', detail }]))

/** Ids of policies and messages. */
function secretId(text: string, { situation: { policies, turns } }: Known): string | undefined {
  const lower = text.toLowerCase()
  return [...policies, ...turns]
    .map(({ id }) => id)
    .filter((id) => id.length >= leastId && /[\d-]/.test(id) && /\D/.test(id))
    .map((id) => plain(id).toLowerCase())
    .find(
      (id) =>
        id !== '' && lower.includes(id) && new RegExp(`(?<![\\p{L}\\d])${escaped(id)}(?![\\p{L}\\d])`, 'u').test(lower),
    )
}
