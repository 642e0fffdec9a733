import { useCommand } from '../../../commands/use-command.ts'

/** Offers "New queue" in the palette while its list is on the screen. */
export function useCreateCommand(noun: string, isEnabled: boolean, run: () => void): void {
  useCommand({ id: `settings.new.${noun}`, title: `New ${noun}`, section: 'Settings', isEnabled, run })
}
