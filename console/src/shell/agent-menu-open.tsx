import { useNavigate } from '@tanstack/react-router'
import { Check } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { useDemoMode } from '../session/demo-mode.ts'
import { useViewer } from '../session/viewer.tsx'
import { classes } from '../ui/classes.ts'
import { useIsSmallScreen } from '../ui/use-is-small-screen.ts'
import { statuses, useMyStatus } from './agent-status.ts'
import { useLogOut } from './log-out.ts'
import { agentButton, Myself } from './myself.tsx'
import { themes, useTheme, type Theme } from './theme.ts'

const item =
  'flex min-h-8 items-center gap-2 rounded px-2 text-sm outline-none data-disabled:opacity-50 data-highlighted:bg-raised'
const heading = 'px-2 pt-2 pb-1 text-xs font-medium text-ink-faint'

export function AgentMenuOpen() {
  const { agent, tenant } = useViewer()
  const [theme, setTheme] = useTheme()
  const demo = useDemoMode()
  const logOut = useLogOut()
  const navigate = useNavigate()
  const isSmall = useIsSmallScreen()
  return (
    <DropdownMenu.Root defaultOpen modal={false}>
      <DropdownMenu.Trigger className={agentButton}>
        <Myself />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={document.querySelector('header')}>
        <DropdownMenu.Content
          side={isSmall ? 'top' : 'right'}
          align="end"
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) w-60 overflow-y-auto rounded-lg border border-line bg-surface p-1 shadow-lg"
        >
          <div className="border-b border-line px-2 pt-1 pb-2">
            <p className="truncate text-sm font-semibold">{agent?.name}</p>
            <p className="truncate text-xs text-ink-soft">{agent?.email}</p>
            <p className="truncate text-xs text-ink-faint">{tenant.name}</p>
          </div>
          <MyStatusItems />
          <DropdownMenu.Label className={heading}>Theme</DropdownMenu.Label>
          <DropdownMenu.RadioGroup value={theme} onValueChange={(value) => setTheme(value as Theme)}>
            {themes.map(({ value, label }) => (
              <Choice key={value} value={value}>
                {label}
              </Choice>
            ))}
          </DropdownMenu.RadioGroup>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.Item
            className={item}
            onSelect={() => void navigate({ to: '/settings/$section', params: { section: 'profile' } })}
          >
            Profile
          </DropdownMenu.Item>
          <DropdownMenu.Item className={item} onSelect={logOut}>
            {demo.isOn ? 'Leave the demo' : 'Log out'}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

function MyStatusItems() {
  const [mine, set] = useMyStatus()
  return (
    <>
      <DropdownMenu.Label className={heading}>Status</DropdownMenu.Label>
      <DropdownMenu.RadioGroup
        value={mine.status}
        onValueChange={(value) => set({ status: value as typeof mine.status })}
      >
        {statuses
          .filter(({ value }) => value !== 'OFFLINE')
          .map(({ value, label, dot }) => (
            <Choice key={value} value={value}>
              <span aria-hidden className={classes('size-2.5 rounded-full', dot)} />
              {label}
            </Choice>
          ))}
      </DropdownMenu.RadioGroup>
      <DropdownMenu.CheckboxItem
        className={item}
        checked={mine.acceptsNewTickets}
        onCheckedChange={(acceptsNewTickets) => set({ acceptsNewTickets })}
      >
        <span className="flex-1">Take new tickets</span>
        <DropdownMenu.ItemIndicator>
          <Check aria-hidden className="size-4 text-accent" />
        </DropdownMenu.ItemIndicator>
      </DropdownMenu.CheckboxItem>
    </>
  )
}

function Choice({ value, children }: { value: string; children: ReactNode }) {
  return (
    <DropdownMenu.RadioItem value={value} className={item}>
      <span className="flex flex-1 items-center gap-2">{children}</span>
      <DropdownMenu.ItemIndicator>
        <Check aria-hidden className="size-4 text-accent" />
      </DropdownMenu.ItemIndicator>
    </DropdownMenu.RadioItem>
  )
}
