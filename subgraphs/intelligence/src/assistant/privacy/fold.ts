/** A text as names are looked for in it, and for each of its characters the place in the text that it comes from. */
export type Folded = { text: string; from: number[]; to: number[] }

const marks = /\p{M}|\p{Cf}|\p{Cc}/u
const letters: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', đ: 'd', ł: 'l', æ: 'ae', œ: 'oe', ı: 'i', þ: 'th' }

/** Without case, accents, width and characters that cannot be seen, so that a name is found however it is written. */
export function fold(text: string): Folded {
  const folded: Folded = { text: '', from: [], to: [] }
  let at = 0
  for (const character of text) {
    const plain = foldCharacter(character)
    folded.text += plain
    for (let k = 0; k < plain.length; k++) {
      folded.from.push(at)
      folded.to.push(at + character.length)
    }
    at += character.length
  }
  return folded
}

function foldCharacter(character: string): string {
  if (character >= ' ' && character <= '~') return character.toLowerCase()
  if (/\s/.test(character)) return ' '
  const bare = [...character.normalize('NFKD').toLowerCase()].filter((one) => !marks.test(one))
  return bare.map((one) => letters[one] ?? one).join('')
}
