export type Mentionable = { id: string; name: string }

/** The mention that is being written at the caret: from its @ on; null where none is. */
export function mentionAt(text: string, caret: number): { from: number; query: string } | null {
  const before = text.slice(0, caret)
  const match = /(?:^|\s)@([\p{L}\p{N}.'-]*(?: [\p{L}\p{N}.'-]*)?)$/u.exec(before)
  return match ? { from: caret - (match[1] ?? '').length - 1, query: match[1] ?? '' } : null
}

/** Whom it may mean: names, or parts of names, that begin with it. */
export function matchesOf<Agent extends Mentionable>(query: string, agents: readonly Agent[], most = 6): Agent[] {
  const wanted = query.toLocaleLowerCase()
  const fits = ({ name }: Mentionable) => {
    const lower = name.toLocaleLowerCase()
    return lower.startsWith(wanted) || lower.split(' ').some((part) => part.startsWith(wanted))
  }
  return agents.filter(fits).slice(0, most)
}

/** The text with that agent's name in the place of what was begun, and where the caret stands then. */
export function withMention(text: string, caret: number, { name }: Mentionable): { text: string; caret: number } {
  const from = mentionAt(text, caret)?.from ?? caret
  const begun = `${text.slice(0, from)}@${name} `
  return { text: begun + text.slice(caret).replace(/^ /, ''), caret: begun.length }
}

/** Who is named in a text, of these: the longer of two names that begin alike. */
export function mentionedIn(text: string, agents: readonly Mentionable[]): string[] {
  let rest = text
  const longestFirst = [...agents].sort((a, b) => b.name.length - a.name.length)
  return longestFirst.flatMap(({ id, name }) => {
    if (!rest.includes(`@${name}`)) return []
    rest = rest.replaceAll(`@${name}`, '')
    return [id]
  })
}
