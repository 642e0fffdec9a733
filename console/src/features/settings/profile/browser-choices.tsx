import { useSetting } from '../../../shared/settings.ts'
import { Section } from '../../../ui/page.tsx'
import { ChoiceBar } from '../parts/choice-bar.tsx'
import { SwitchRow } from '../parts/switch.tsx'

type Theme = 'system' | 'light' | 'dark'
const themes = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const

/** What is kept at this browser only. */
export function BrowserChoices() {
  const [theme, setTheme] = useSetting<Theme>('theme', 'system')
  const [areShortcutsOn, setShortcutsOn] = useSetting('shortcuts', true)
  return (
    <Section title="This browser">
      <p className="mb-1 text-sm font-medium">Theme</p>
      <ChoiceBar label="Theme" choices={themes} value={theme} onChange={setTheme} />
      <div className="mt-2 border-t border-line pt-1">
        <SwitchRow
          label="Single-key shortcuts"
          hint="J, K, E, R… while nothing is being typed. Those with Ctrl or ⌘ always work."
          isOn={areShortcutsOn}
          onChange={setShortcutsOn}
        />
      </div>
    </Section>
  )
}
