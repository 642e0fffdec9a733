import { Suspense, useState } from 'react'
import { ahead, lazyPart } from '../ui/lazy-part.tsx'
import { useStatusCommands } from './agent-status.ts'
import { useLogOutCommand } from './log-out.ts'
import { agentButton, Myself } from './myself.tsx'
import { useThemeCommand } from './theme.ts'

const load = () => import('./agent-menu-open.tsx')
const OpenAgentMenu = lazyPart(() => load().then(({ AgentMenuOpen }) => AgentMenuOpen))

/** Oneself: status, theme, profile, the way out. What the menu is made of comes when it is first opened. */
export function AgentMenu() {
  useStatusCommands()
  useThemeCommand()
  useLogOutCommand()
  const [isAsked, setAsked] = useState(false)
  const closed = (
    <button
      type="button"
      aria-haspopup="menu"
      aria-expanded={false}
      className={agentButton}
      onPointerEnter={() => ahead(load)}
      onFocus={() => ahead(load)}
      onClick={() => setAsked(true)}
    >
      <Myself />
    </button>
  )
  if (!isAsked) return closed
  return (
    <Suspense fallback={closed}>
      <OpenAgentMenu />
    </Suspense>
  )
}
