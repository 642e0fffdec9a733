import { createContext, useContext, useEffect, useEffectEvent, useSyncExternalStore } from 'react'
import { useSetting } from '../shared/settings.ts'
import { createKeyboard } from './keyboard.ts'
import { createCommandRegistry, type Command, type CommandRegistry } from './registry.ts'

export const CommandContext = createContext<CommandRegistry>(createCommandRegistry())

/**
 * Offers a command while its component is on the screen: in the palette, in the help, and by its shortcut. Shortcuts without ⌘ or Ctrl do nothing while
 * somebody types, and can be switched off; none does anything while a dialog or a menu is open.
 */
export function useCommand({ isEnabled = true, ...command }: Command & { isEnabled?: boolean }): void {
  const registry = useContext(CommandContext)
  const run = useEffectEvent(() => command.run())
  const { id, title, section, shortcut } = command
  const keywords = command.keywords?.join(' ') ?? ''
  useEffect(() => {
    if (!isEnabled) return
    return registry.add({ id, title, section, shortcut, keywords: keywords.split(' '), run: () => run() })
  }, [registry, id, title, section, shortcut, keywords, isEnabled])
}

export function useCommands(): readonly Command[] {
  const registry = useContext(CommandContext)
  return useSyncExternalStore(registry.subscribe, registry.all)
}

/** Shortcuts without ⌘ or Ctrl can be set off by speech and by accident: whoever wants to can switch them off. */
export const useArePlainShortcutsOn = () => useSetting('shortcuts', true)

/** Binds the shortcuts of all commands; once for the whole console. */
export function useKeyboard(registry: CommandRegistry): void {
  const [areOn] = useArePlainShortcutsOn()
  useEffect(() => {
    const press = createKeyboard({ commands: registry.all, arePlainOn: () => areOn })
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [registry, areOn])
}
