import { DropdownMenu } from 'radix-ui'
import { useState, type ReactNode } from 'react'
import { classes } from './classes.ts'
import { Keys } from './keys.tsx'

export type MenuItem =
  | {
      id: string
      label: string
      icon?: ReactNode
      shortcut?: string
      isDanger?: boolean
      isDisabled?: boolean
      run: () => void
    }
  | { id: string; separator: true }

/** A menu behind a button. It stands in the page's main part, and hides nothing of it from those who hear it. */
export function Menu({ trigger, items, label }: { trigger: ReactNode; items: readonly MenuItem[]; label?: string }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <DropdownMenu.Root modal={false} open={isOpen} onOpenChange={setOpen}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal container={isOpen ? document.querySelector('main') : null}>
        <DropdownMenu.Content
          aria-label={label}
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-48 overflow-y-auto rounded-md border border-line bg-surface p-1 shadow-lg"
        >
          {items.map((item) =>
            'separator' in item ? (
              <DropdownMenu.Separator key={item.id} className="my-1 h-px bg-line" />
            ) : (
              <DropdownMenu.Item
                key={item.id}
                disabled={item.isDisabled ?? false}
                onSelect={item.run}
                className={classes(
                  'flex min-h-8 items-center gap-2 rounded px-2 text-sm outline-none data-disabled:opacity-50 data-highlighted:bg-raised',
                  item.isDanger && 'text-bad',
                )}
              >
                {item.icon}
                <span className="flex-1">{item.label}</span>
                {item.shortcut && <Keys of={item.shortcut} />}
              </DropdownMenu.Item>
            ),
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
