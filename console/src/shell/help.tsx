import { bySection } from '../commands/registry.ts'
import { useArePlainShortcutsOn, useCommands } from '../commands/use-command.ts'
import { Dialog } from '../ui/dialog.tsx'
import { CheckField } from '../ui/field.tsx'
import { Keys } from '../ui/keys.tsx'

/** All shortcuts of what is on the screen, and the switch for those of single keys. */
export function ShortcutHelp({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const sections = bySection(useCommands().filter(({ shortcut }) => shortcut !== undefined))
  const [areOn, setOn] = useArePlainShortcutsOn()
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Shortcuts" description="Of what is on the screen now." isWide>
      <div className="gap-8 sm:columns-2">
        {sections.map(({ name, commands }) => (
          <section key={name} aria-label={name} className="mb-5 break-inside-avoid">
            <h3 className="mb-1 text-xs font-medium text-ink-faint">{name}</h3>
            <dl>
              {commands.map(({ id, title, shortcut }) => (
                <div
                  key={id}
                  className="flex min-h-7 items-center justify-between gap-4 border-b border-line/60 text-sm"
                >
                  <dt>{title}</dt>
                  <dd>
                    <Keys of={shortcut ?? ''} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <CheckField
        label="Single-key shortcuts"
        hint="Switched off, only those with ⌘ or Ctrl do something: for whoever speaks to the computer, or meets keys by accident."
        checked={areOn}
        onChange={({ currentTarget }) => setOn(currentTarget.checked)}
      />
    </Dialog>
  )
}
