const isMac = typeof navigator !== 'undefined' && navigator.platform.startsWith('Mac')
const signs: Record<string, string> = {
  mod: isMac ? '⌘' : 'Ctrl',
  enter: '↵',
  escape: 'Esc',
  shift: '⇧',
  slash: '/',
  comma: ',',
  period: '.',
}

/** The keys of a shortcut as they are written on the keyboard: `mod+k`, `shift+slash`, `g>i` (one after the other). */
export function Keys({ of }: { of: string }) {
  const written = of.split('>').map((step) => step.split('+').map((key) => signs[key] ?? key.toUpperCase()))
  return (
    <span className="ml-1 inline-flex gap-0.5">
      {written.flat().map((key, index) => (
        <kbd key={index} className="rounded border border-line bg-raised px-1 font-sans text-[0.7rem] text-ink-soft">
          {key}
        </kbd>
      ))}
    </span>
  )
}
