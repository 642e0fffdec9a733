import { Command } from 'cmdk'
import { Search } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useRef, useState } from 'react'
import { PaletteResults, type Chosen } from './results.tsx'

/**
 * Everything that can be done here, and the way to any ticket or customer. What is chosen happens when the palette has closed and the focus is back where
 * it was, so that a command may move it.
 */
export function Palette({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const chosen = useRef<Chosen | null>(null)
  const before = useRef<Element | null>(null)
  const choose = (run: Chosen) => {
    chosen.current = run
    onClose()
  }
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Dialog.Content
          aria-describedby={undefined}
          onOpenAutoFocus={() => {
            chosen.current = null
            before.current = document.activeElement
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus()
            chosen.current?.()
          }}
          className="fixed top-[12vh] left-1/2 z-40 w-[calc(100vw-2rem)] max-w-2xl -translate-x-1/2 overflow-hidden rounded-xl border border-line bg-surface shadow-2xl"
        >
          <Dialog.Title className="sr-only">Commands</Dialog.Title>
          <PaletteBody onChoose={choose} onClose={onClose} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function PaletteBody({ onChoose, onClose }: { onChoose: (run: Chosen) => void; onClose: () => void }) {
  const [typed, setTyped] = useState('')
  return (
    <Command
      label="Commands"
      shouldFilter={false}
      loop
      onKeyDown={(event) => {
        if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return
        event.preventDefault()
        onClose()
      }}
    >
      <div className="flex items-center gap-2 border-b border-line px-3">
        <Search aria-hidden className="size-4 shrink-0 text-ink-faint" />
        <Command.Input
          value={typed}
          onValueChange={setTyped}
          placeholder="A command, a ticket’s number, or words of a ticket or a customer"
          className="min-h-12 w-full bg-transparent text-base outline-none placeholder:text-ink-faint"
        />
      </div>
      <PaletteResults typed={typed} onChoose={onChoose} />
    </Command>
  )
}
