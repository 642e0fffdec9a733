import { Suspense, useEffect, useState } from 'react'
import { useCommand } from '../commands/use-command.ts'
import { ahead, lazyPart } from '../ui/lazy-part.tsx'

const loadPalette = () => import('./palette/palette.tsx')
const loadHelp = () => import('./help.tsx')
const Palette = lazyPart(() => loadPalette().then(({ Palette }) => Palette))
const ShortcutHelp = lazyPart(() => loadHelp().then(({ ShortcutHelp }) => ShortcutHelp))

/** They are fetched so long after the first paint, to be there when they are wanted: ms. */
const aheadMs = 3_000

export type Overlay = 'palette' | 'help'

/** The palette and the help, by their shortcuts and by whoever opens them. */
export function useOverlays() {
  const [open, setOpen] = useState<Overlay | null>(null)
  // Once opened they stay, so that closing can give the focus back.
  const [known, setKnown] = useState<readonly Overlay[]>([])
  const show = (overlay: Overlay) => {
    setKnown((before) => (before.includes(overlay) ? before : [...before, overlay]))
    setOpen(overlay)
  }
  useCommand({
    id: 'palette',
    title: 'Commands',
    section: 'Everywhere',
    shortcut: 'mod+k',
    run: () => show('palette'),
  })
  useCommand({
    id: 'help',
    title: 'Shortcuts',
    section: 'Everywhere',
    shortcut: '?',
    keywords: ['help', 'keyboard', 'keys'],
    run: () => show('help'),
  })
  useEffect(() => {
    const timer = setTimeout(() => [loadPalette, loadHelp].forEach(ahead), aheadMs)
    return () => clearTimeout(timer)
  }, [])
  const close = () => setOpen(null)
  const overlays = (
    <Suspense>
      {known.includes('palette') && <Palette isOpen={open === 'palette'} onClose={close} />}
      {known.includes('help') && <ShortcutHelp isOpen={open === 'help'} onClose={close} />}
    </Suspense>
  )
  return { overlays, show }
}
