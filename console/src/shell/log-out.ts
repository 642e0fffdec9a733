import { useCommand } from '../commands/use-command.ts'
import { useGraph } from '../graph/graph.tsx'
import { mutate } from '../graph/mutate.ts'
import { useDemoMode } from '../session/demo-mode.ts'
import { LogOutDocument } from '../session/generated/Session.ts'

/** Ends the login here and, where it can be reached, at the server. Out of the local demo it leads back to the login. */
export function useLogOut(): () => void {
  const { apollo, session } = useGraph()
  const demo = useDemoMode()
  return () => {
    if (demo.isOn) return demo.exit()
    // The link reads the token when it sends, so the login is forgotten only afterwards; but nobody is kept in by a server that does not answer.
    const told = mutate(apollo, LogOutDocument, {}, { isQuiet: true })
    const late = new Promise((resolve) => setTimeout(resolve, 2_000))
    void Promise.race([told, late]).then(() => session.set(null, 'SIGNED_OUT'))
  }
}

export function useLogOutCommand(): void {
  const { isOn } = useDemoMode()
  const run = useLogOut()
  useCommand({
    id: 'log-out',
    title: isOn ? 'Leave the demo' : 'Log out',
    section: 'You',
    keywords: ['sign out', 'exit'],
    run,
  })
}
