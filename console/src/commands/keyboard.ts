import type { Command } from './registry.ts'
import { isPlain, isPressed, parseShortcut, type Shortcut } from './shortcut.ts'

/** The second key of `g>i` is waited for so long: ms. */
const sequenceMs = 1_500
/** Moving on goes on while the key is held; anything else happens once. */
const repeating = new Set(['j', 'k', 'arrowdown', 'arrowup'])

/** Whether a key goes on to another ticket, and means nothing to the one that is open. */
export const movesOn = ({ key, target }: KeyboardEvent): boolean =>
  repeating.has(key.toLowerCase()) && !isTyping(target)

type Options = {
  commands(): readonly Command[]
  /** Whether shortcuts without ⌘ or Ctrl do something. */
  arePlainOn(): boolean
  now?(): number
}

/**
 * What a key press runs: of all the commands on the screen one, the latest. It is one listener for all of them, since only who knows all can tell that the
 * `a` of `g>a` is not the `a` that assigns.
 */
export function createKeyboard({
  commands,
  arePlainOn,
  now = () => Date.now(),
}: Options): (event: KeyboardEvent) => void {
  let begun: { steps: number; of: readonly { command: Command; shortcut: Shortcut }[]; until: number } | null = null
  return (event) => {
    if (event.defaultPrevented || event.isComposing || isModifier(event.key) || isElsewhere(event)) return
    const isTyped = isTyping(event.target)
    const isOn = (shortcut: Shortcut) => !isPlain(shortcut) || (arePlainOn() && !isTyped)
    const going = begun && begun.until >= now() ? begun : null
    begun = null
    const steps = going?.steps ?? 0
    const known = going?.of ?? bound(commands()).filter(({ shortcut }) => isOn(shortcut))
    const meant = known.filter(({ shortcut }) => shortcut[steps] && isPressed(shortcut[steps], event))
    // Having begun with `g`, a wrong key does nothing: it was not meant by itself.
    if (meant.length === 0) return void (going && event.preventDefault())
    const longer = meant.filter(({ shortcut }) => shortcut.length > steps + 1)
    if (longer.length > 0) begun = { steps: steps + 1, of: longer, until: now() + sequenceMs }
    const chosen = longer.length > 0 ? undefined : meant.at(-1)
    if (chosen && activates(event)) return
    event.preventDefault()
    if (chosen && (!event.repeat || repeating.has(event.key.toLowerCase()))) chosen.command.run()
  }
}

const bound = (commands: readonly Command[]) =>
  commands.flatMap((command) =>
    command.shortcut === undefined ? [] : [{ command, shortcut: parseShortcut(command.shortcut) }],
  )

const isModifier = (key: string) => ['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Dead'].includes(key)

/** Who writes means letters; a box to tick takes none. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.closest('[contenteditable="true"], [role="textbox"], [role="searchbox"]'))
    return true
  if (target instanceof HTMLInputElement)
    return !['checkbox', 'radio', 'button', 'submit', 'reset'].includes(target.type)
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
}

/** A dialog or a menu has the keys while it is open. */
const isElsewhere = ({ target }: KeyboardEvent) =>
  overlays.some((role) => document.querySelector(`[role="${role}"][data-state="open"]`) !== null) ||
  (target instanceof Element && target.closest('[role="menu"], [role="dialog"], [role="alertdialog"]') !== null)
const overlays = ['dialog', 'alertdialog', 'menu', 'listbox']

/** Enter and space on a button or a link press it. */
const activates = ({ key, target, ctrlKey, metaKey }: KeyboardEvent) =>
  (key === 'Enter' || key === ' ') &&
  !ctrlKey &&
  !metaKey &&
  target instanceof Element &&
  target.closest('button, a[href], summary, [role="button"], [role="option"], [role="tab"]') !== null
