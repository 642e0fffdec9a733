const words =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(
    ' ',
  )
const tens: Readonly<Record<string, number>> = {
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
}
const inWords = [...words].reverse().join('|')

/** A figure in digits or words; bounded, so that it cannot run away. */
export const digits = String.raw`\d{1,12}(?:[.,']\d{3}(?!\d)){0,3}(?:[.,]\d{1,2}(?!\d))?`
export const figure = String.raw`(?:${digits}|(?:(?:twenty|${Object.keys(tens).join('|')})[- ](?:${words.slice(1, 10).join('|')})|${Object.keys(tens).join('|')}|${inWords}|(?:a|one|two|three|four|five) (?:hundred|thousand))(?![a-z]))`

/** Also "an hour", "a week". */
export const hasFigure = new RegExp(
  String.raw`\d|\b(?:${inWords}|${Object.keys(tens).join('|')}|hundred|thousand|an? (?:day|week|month|year|hour|minute))`,
  'i',
)

/** In one spelling: no separators, no zeros that say nothing. "1.234,50" → "1234.5", "twenty-five" → "25". */
export function valueOf(text: string): string {
  const lower = text.toLowerCase()
  return /\d/.test(lower) ? decimal(lower) : String(spelt(lower))
}

function decimal(text: string): string {
  const bare = text.replace(/[' ]/g, '')
  const [, whole = '', fraction = ''] = /^(.*?)(?:[.,](\d{1,2}))?$/.exec(bare) ?? []
  const value = `${whole.replace(/\D/g, '').replace(/^0+(?=\d)/, '')}.${fraction}`
  return value.replace(/0+$/, '').replace(/\.$/, '')
}

function spelt(text: string): number {
  const [first = '', second = ''] = text.split(/[- ]/)
  const start = first === 'a' ? 1 : words.includes(first) ? words.indexOf(first) : (tens[first] ?? 0)
  if (second === 'hundred') return start * 100
  if (second === 'thousand') return start * 1000
  return start + Math.max(0, words.indexOf(second))
}

/** A decimal string of a record in the same spelling, whatever its scale. */
export const recorded = (amount: string): string =>
  /\./.test(amount) ? amount.replace(/0+$/, '').replace(/\.$/, '') : amount
