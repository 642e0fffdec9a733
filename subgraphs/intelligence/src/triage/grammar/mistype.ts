import { between, type Random } from '@quimbi/service/random.ts'

const short: Record<string, string> = {
  you: 'u',
  your: 'ur',
  please: 'pls',
  because: 'cuz',
  thanks: 'thx',
  are: 'r',
  though: 'tho',
  'want to': 'wanna',
  'I would': "I'd",
  'I have': "I've",
  'I am': "I'm",
  'do not': "don't",
  'does not': "doesn't",
  'did not': "didn't",
  'can not': "can't",
  'is not': "isn't",
  'has not': "hasn't",
  'have not': "haven't",
  'it is': "it's",
  'what is': "what's",
  'where is': "where's",
  'will not': "won't",
}
const shortened = new RegExp(`\\b(?:${Object.keys(short).join('|')})\\b`, 'g')
const typed = new Set([
  "I'd",
  "I've",
  "I'm",
  "don't",
  "doesn't",
  "didn't",
  "can't",
  "isn't",
  "hasn't",
  "haven't",
  "it's",
  "what's",
  "where's",
  "won't",
])

/** As people type: contractions, short forms, no capitals, no punctuation, and slips of the finger. */
export function mistype(text: string, random: Random): string {
  const isCasual = random() < 0.2
  let result = text.replace(shortened, (found) => {
    const replaced = short[found] ?? found
    return (typed.has(replaced) ? random() < 0.6 : isCasual) ? replaced : found
  })
  if (isCasual || random() < 0.25) result = result.toLowerCase()
  else if (random() < 0.03) result = result.toUpperCase()
  if (random() < 0.2) result = result.replace(/[.,!?']/g, '')
  for (let slips = random() < 0.2 ? between(random, 1, 2) : 0; slips > 0; slips--) result = slip(result, random)
  return result
}

/** Two letters swapped, one lost or one doubled, inside a word of four letters or more. */
function slip(text: string, random: Random): string {
  const words = [...text.matchAll(/[a-z]{4,}/gi)]
  const word = words[between(random, 0, words.length - 1)]
  if (!word) return text
  const at = word.index + between(random, 1, word[0].length - 2)
  const [a, b] = [text[at]!, text[at + 1]!]
  const ways = [b + a, a, a + a + b]
  return text.slice(0, at) + ways[between(random, 0, ways.length - 1)]! + text.slice(at + 2)
}
