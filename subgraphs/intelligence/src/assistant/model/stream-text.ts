/** Where a sentence's text stands: an object in a paragraph in the paragraphs of the answer. */
const sentenceAt = '{[[{'
/** Nothing of ours is nested deeper; from here on levels are counted only. */
const deepest = 8

/**
 * Tells of the sentences in an answer's JSON while it comes, one blank between two and an empty line between paragraphs. `{"paragraphs":
 * [[{"text": …}]]}`; everything else in it is passed over. What is no JSON tells nothing.
 */
export function sentenceReader(tell: (text: string) => void): (piece: string) => void {
  let path = ''
  let deeper = 0
  let [top, key] = ['', '']
  let [isKeyNext, isKey, inString, isSentence] = [false, false, false, false]
  let [escape, high, word] = ['', '', '']
  let between = ''
  let out = ''

  function opened(): void {
    inString = true
    isKey = isKeyNext
    word = ''
    isSentence = !isKey && path === sentenceAt && top === 'paragraphs' && key === 'text'
    if (!isSentence) return
    out += between
    between = ' '
  }
  function closed(): void {
    inString = false
    high = ''
    if (isKey && path === '{') top = word
    if (isKey) key = word
  }
  function character(text: string): void {
    // Half a character is held until its other half is there.
    const whole = high + text
    high = /[\uD800-\uDBFF]$/.test(whole) ? whole : ''
    if (high !== '') return
    if (isSentence) out += whole
    else if (isKey && word.length < 32) word += whole
  }
  function inside(char: string): void {
    if (escape !== '' || char === '\\') {
      escape += char
      if (escape.length < (escape[1] === 'u' ? 6 : 2)) return
      character(unescaped(escape))
      escape = ''
    } else if (char === '"') closed()
    else character(char)
  }
  function outside(char: string): void {
    if (char === '"') return opened()
    if (char === '{' || char === '[') {
      if (path.length < deepest) path += char
      else deeper += 1
      if (path === '{[[' && between !== '') between = '\n\n'
    } else if (char === '}' || char === ']') {
      if (deeper > 0) deeper -= 1
      else path = path.slice(0, -1)
    }
    if (char === '{' || char === ',') isKeyNext = path.endsWith('{')
    else if (char === ':' || char === '[') isKeyNext = false
  }
  return (piece) => {
    for (const char of piece) (inString ? inside : outside)(char)
    const text = out
    out = ''
    if (text !== '') tell(text)
  }
}

function unescaped(escape: string): string {
  try {
    return JSON.parse(`"${escape}"`) as string
  } catch {
    return ''
  }
}

/** The longest that what stands for a name or a number may be, with its brackets. */
const longestPlaceholder = 64

/** Puts back what placeholders stand for in text that comes in pieces: one that is cut in two is held until it is whole. */
export function restoredPieces(restore: (text: string) => string, tell: (text: string) => void) {
  let held = ''
  const say = (length: number) => {
    const text = held.slice(0, length)
    held = held.slice(length)
    if (text !== '') tell(restore(text))
  }
  return {
    push(text: string): void {
      held += text
      const open = held.lastIndexOf('[')
      const isCut = open >= 0 && !held.includes(']', open) && held.length - open < longestPlaceholder
      say(isCut ? open : held.length)
    },
    end: () => say(held.length),
  }
}
