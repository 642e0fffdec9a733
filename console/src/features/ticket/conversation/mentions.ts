/** A note's text in stretches; `isMention` where one of these names stands behind an @. */
export function mentionPartsOf(text: string, names: readonly string[]): { text: string; isMention: boolean }[] {
  const marks = [...names].sort((a, b) => b.length - a.length).map((name) => `@${name}`)
  const parts: { text: string; isMention: boolean }[] = []
  let rest = text
  while (rest !== '') {
    const places = marks.map((mark) => ({ mark, at: rest.indexOf(mark) })).filter(({ at }) => at >= 0)
    const first = places.sort((a, b) => a.at - b.at || b.mark.length - a.mark.length)[0]
    if (!first) return [...parts, { text: rest, isMention: false }]
    if (first.at > 0) parts.push({ text: rest.slice(0, first.at), isMention: false })
    parts.push({ text: first.mark, isMention: true })
    rest = rest.slice(first.at + first.mark.length)
  }
  return parts
}
