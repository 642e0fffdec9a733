import { createContext, useContext } from 'react'
import type { SessionViewerFragment } from './generated/Session.ts'

/** Who uses the console, and of which business. */
export const ViewerContext = createContext<SessionViewerFragment | null>(null)

export function useViewer(): SessionViewerFragment {
  const viewer = useContext(ViewerContext)
  if (!viewer) throw new Error('useViewer is used outside of the session gate')
  return viewer
}

/** What one may do, as the service decides it; the console only hides what would be refused. */
export type Permission =
  | 'ticket:read_all'
  | 'ticket:update_all'
  | 'ticket:assign'
  | 'ticket:delete'
  | 'customer:write'
  | 'customer:erase'
  | 'agent:update'
  | 'agent:manage'
  | 'config:read'
  | 'config:write'
  | 'audit:read'
  | 'report:read'

export function useMay(): (permission: Permission) => boolean {
  const { permissions } = useViewer()
  return (permission) => permissions.includes(permission)
}
