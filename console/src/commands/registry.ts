/** Something the person can do, here and now. */
export type Command = {
  id: string
  title: string
  /** Under which heading the palette lists it. */
  section: string
  /** As `Keys` shows it: `e`, `mod+enter`, `g>i`. */
  shortcut?: string | undefined
  /** Other words to find it by. */
  keywords?: string[]
  run: () => void
}

export type CommandRegistry = {
  add(command: Command): () => void
  all(): readonly Command[]
  subscribe(listener: () => void): () => void
}

/** The commands of what is on the screen; a later one of the same id stands before an earlier one. */
export function createCommandRegistry(): CommandRegistry {
  const listeners = new Set<() => void>()
  let commands: readonly Command[] = []
  const change = (next: readonly Command[]) => {
    commands = next
    listeners.forEach((listener) => listener())
  }
  return {
    add(command) {
      change([...commands, command])
      return () => change(commands.filter((one) => one !== command))
    },
    all: () => commands,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export type CommandSection = { name: string; commands: readonly Command[] }

/** Each command once, by section, in the order in which the sections came. */
export function bySection(commands: readonly Command[]): CommandSection[] {
  const latest = new Map(commands.map((command) => [command.id, command]))
  return [...Map.groupBy(latest.values(), ({ section }) => section)].map(([name, own]) => ({ name, commands: own }))
}
