import { ChartLine, FlaskConical, Inbox, Settings, Users } from 'lucide-react'

/** Where one can go: by the rail, by the palette and by two keys. */
export const places = [
  { to: '/inbox', label: 'Inbox', icon: Inbox, shortcut: 'g>i' },
  { to: '/customers', label: 'Customers', icon: Users, shortcut: 'g>c' },
  { to: '/analytics', label: 'Analytics', icon: ChartLine, shortcut: 'g>a' },
  { to: '/settings', label: 'Settings', icon: Settings, shortcut: 'g>s' },
  { to: '/demo', label: 'Demo', icon: FlaskConical, shortcut: 'g>d' },
] as const

export type Place = (typeof places)[number]
