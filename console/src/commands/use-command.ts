import { createContext, useContext, useEffect, useEffectEvent, useSyncExternalStore } from 'react'
import { useHotkeys } from 'react-hotkeys-hook'
import { useSetting } from '../shared/settings.ts'
import { createCommandRegistry, type Command, type CommandRegistry } from './registry.ts'

export const CommandContext = createContext<CommandRegistry>(createCommandRegistry())

/**
 * Offers a command while its component is on the screen: in the palette, in the help, and by its shortcut. Shortcuts without ⌘ or Ctrl do nothing while
 * somebody types, and can be switched off.
 */
export function useCommand({ isEnabled = true, ...command }: Command & { isEnabled?: boolean }): void {
  const registry = useContext(CommandContext)
  const [areShortcutsOn] = useSetting('shortcuts', true)
  const run = useEffectEvent(() => command.run())
  const { id, title, section, shortcut } = command
  const keywords = command.keywords?.join(' ') ?? ''
  useEffect(() => {
    if (!isEnabled) return
    return registry.add({ id, title, section, shortcut, keywords: keywords.split(' '), run: () => run() })
  }, [registry, id, title, section, shortcut, keywords, isEnabled])
  const hasModifier = shortcut?.includes('mod+') ?? false
  useHotkeys(shortcut ?? '', () => command.run(), {
    enabled: isEnabled && shortcut !== undefined && (areShortcutsOn || hasModifier),
    enableOnFormTags: hasModifier,
    enableOnContentEditable: hasModifier,
    preventDefault: true,
    useKey: true,
  })
}

export function useCommands(): readonly Command[] {
  const registry = useContext(CommandContext)
  return useSyncExternalStore(registry.subscribe, registry.all)
}
