import { createContext, useContext } from 'react'

/** The local demo: a world of its own in this browser, that never calls the server. */
export type DemoMode = {
  isOn: boolean
  /** Loads the world and goes into it; rejects where that cannot be loaded. */
  start(): Promise<void>
  /** Back to the login; what was done is forgotten. */
  exit(): void
}

export const DemoModeContext = createContext<DemoMode>({ isOn: false, start: async () => {}, exit: () => {} })

export const useDemoMode = (): DemoMode => useContext(DemoModeContext)
