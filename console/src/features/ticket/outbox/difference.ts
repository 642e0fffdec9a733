import { diffArrays, diffWords } from 'diff'

/** A line of a conversation: as it was, new, or gone; `parts` tell an edited one word by word. */
export type DiffLine =
  | { is: 'same' | 'added' | 'removed'; text: string }
  | { is: 'changed'; parts: { is: 'same' | 'added' | 'removed'; text: string }[] }

/** How many unchanged lines stand before and after a change. */
const around = 1

/** What became of a conversation since a reply was written. Lines that did not change and are far from any change are left out. */
export function differenceOf(before: readonly string[], now: readonly string[]): DiffLine[] {
  const all: DiffLine[] = []
  const changes = diffArrays([...before], [...now])
  for (const [index, { added, removed, value }] of changes.entries()) {
    const after = changes[index + 1]
    if (removed && after?.added && after.value.length === value.length && areAlike(value, after.value)) {
      value.forEach((line, at) => all.push(changed(line, after.value[at] ?? '')))
      after.value = []
      continue
    }
    all.push(...value.map((text): DiffLine => ({ is: added ? 'added' : removed ? 'removed' : 'same', text })))
  }
  return all.filter((_, index) =>
    all.slice(Math.max(0, index - around), index + around + 1).some((line) => line.is !== 'same'),
  )
}

const authorOf = (line: string) => line.slice(0, line.indexOf(':'))
/** The same people, in the same order: messages that were edited, rather than others in their place. */
const areAlike = (a: readonly string[], b: readonly string[]) =>
  a.every((line, index) => authorOf(line) === authorOf(b[index] ?? ''))

const changed = (before: string, after: string): DiffLine => ({
  is: 'changed',
  parts: diffWords(before, after).map(({ added, removed, value }) => ({
    is: added ? 'added' : removed ? 'removed' : 'same',
    text: value,
  })),
})
