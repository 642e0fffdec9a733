import { defaultFilter } from 'cmdk'
import { bySection, type Command, type CommandSection } from '../../commands/registry.ts'

const most = 8
/** What matches less is taken for chance: cmdk scores scattered letters as well. */
const leastScore = 0.02

/** The commands that fit what was typed, best first; all of them by section where nothing was. */
export function ranked(commands: readonly Command[], typed: string): CommandSection[] {
  const sections = bySection(commands)
  if (typed.trim() === '') return sections
  const scored = sections
    .flatMap(({ commands }) => commands)
    .map((command) => ({
      command,
      score: defaultFilter(command.title, typed.trim(), [...(command.keywords ?? []), command.section]),
    }))
    .filter(({ score }) => score > leastScore)
    .toSorted((a, b) => b.score - a.score)
  return scored.length === 0
    ? []
    : [{ name: 'Commands', commands: scored.slice(0, most).map(({ command }) => command) }]
}
