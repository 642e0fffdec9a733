import { between, pick, type Random } from '@quimbi/service/random.ts'
import { lexicon } from './phrases.ts'

/** One way to say a phrase: `[a|b]` is one of these, `{name}` what `given` or the lexicon has. An unknown name is a mistake in the grammar. */
export function expand(phrase: string, random: Random, given: Record<string, string> = {}): string {
  let at = 0
  /** Reads up to one of the characters `until`, or to the end. */
  const read = (until: string): string => {
    let text = ''
    while (at < phrase.length && !until.includes(phrase[at]!)) {
      const character = phrase[at++]!
      if (character === '[') text += choose()
      else if (character === '{') text += named()
      else text += character
    }
    return text
  }
  const choose = (): string => {
    const choices: string[] = []
    do {
      choices.push(read('|]'))
    } while (phrase[at++] === '|')
    return choices[between(random, 0, choices.length - 1)]!
  }
  const named = (): string => {
    const end = phrase.indexOf('}', at)
    const name = phrase.slice(at, end)
    at = end + 1
    return given[name] ?? valueOf(name, random)
  }
  return tidy(read(''))
}

function valueOf(name: string, random: Random): string {
  if (name === 'digits') return String(between(random, 1_000, 999_999))
  if (name === 'amount') return (between(random, 500, 30_000) / 100).toFixed(random() < 0.5 ? 2 : 0)
  const values = lexicon[name]
  if (!values) throw new Error(`The grammar has no "${name}".`)
  return expand(pick(random, values as [string, ...string[]]), random)
}

/** Empty alternatives leave spaces behind. */
const tidy = (text: string): string =>
  text
    .replace(/ {2,}/g, ' ')
    .replace(/ ([,.?!])/g, '$1')
    .trim()
