/** One press: the key as the browser names it, in lower case, and what is held with it. */
type Press = { key: string; hasMod: boolean; hasShift: boolean; hasAlt: boolean }

/** A shortcut as it is written (`e`, `?`, `mod+enter`, `shift+j`, `g>i`): presses one after the other. */
export type Shortcut = readonly Press[]

export type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

const names: Record<string, string> = {
  slash: '/',
  comma: ',',
  period: '.',
  space: ' ',
  plus: '+',
  esc: 'escape',
  up: 'arrowup',
  down: 'arrowdown',
  left: 'arrowleft',
  right: 'arrowright',
}

export function parseShortcut(written: string): Shortcut {
  return written
    .toLowerCase()
    .split('>')
    .map((step) => {
      const parts = step === '+' ? ['+'] : step.split('+').map((part) => part.trim())
      const last = parts.at(-1) ?? ''
      const hasShift = parts.includes('shift')
      const key = names[last] ?? last
      return {
        key: hasShift && key === '/' ? '?' : key,
        hasMod: parts.includes('mod'),
        hasShift,
        hasAlt: parts.includes('alt'),
      }
    })
}

/** ⌘ on a Mac, Ctrl elsewhere. */
export const isMac = (platform: string = navigator.platform): boolean => /^(Mac|iP(hone|ad|od))/.test(platform)

/** Whether the event is this press. A sign such as `?` is what it is, however the keyboard makes it; a letter is matched with its shift. */
export function isPressed(press: Press, event: Pressed, onMac = isMac()): boolean {
  const [mod, other] = onMac ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey]
  if (press.hasMod !== mod || other || keyOf(event) !== press.key) return false
  const isSign = press.key.length === 1 && !/[a-z0-9 ]/.test(press.key)
  return isSign || (press.hasShift === event.shiftKey && press.hasAlt === event.altKey)
}

/** Letters of other scripts stand where the Latin ones do. */
function keyOf({ key, code }: Pressed): string {
  const isLatin = key.length > 1 || key.charCodeAt(0) < 128
  return (isLatin ? key : code.replace(/^(Key|Digit)/, '')).toLowerCase()
}

/** Needs no ⌘ or Ctrl, so that somebody who speaks to the computer, or slips, may set it off. */
export const isPlain = (shortcut: Shortcut): boolean => !shortcut.some(({ hasMod }) => hasMod)
