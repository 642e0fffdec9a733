import { useEffect } from 'react'
import { useCommand } from '../commands/use-command.ts'
import { useSetting } from '../shared/settings.ts'

export type Theme = 'system' | 'light' | 'dark'

export const themes: readonly { value: Theme; label: string }[] = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
]

export const useTheme = () => useSetting<Theme>('theme', 'system')

/** Shows the theme chosen, or the system's as it changes. `theme.js` did the same before the first paint. */
export function useThemeShown(): void {
  const [theme] = useTheme()
  useEffect(() => {
    const system = matchMedia('(prefers-color-scheme: dark)')
    const show = () => {
      const isDark = theme === 'dark' || (theme !== 'light' && system.matches)
      document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light'
    }
    show()
    system.addEventListener('change', show)
    return () => system.removeEventListener('change', show)
  }, [theme])
}

export function useThemeCommand(): void {
  const [theme, setTheme] = useTheme()
  const at = themes.findIndex(({ value }) => value === theme)
  const next = themes[(at + 1) % themes.length] ?? themes[0]
  useCommand({
    id: 'theme:next',
    title: `Theme: ${next?.label.toLowerCase()}`,
    section: 'You',
    keywords: ['dark', 'light', 'appearance', 'colours'],
    run: () => setTheme(next?.value ?? 'system'),
  })
}
