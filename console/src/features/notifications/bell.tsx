/** What happened that concerns the agent. */
export function NotificationBell() {
  return null
}
