/** How this installation lets webhooks meet the world. */
export type WebhookRules = {
  /** Whether they may lead to this machine itself, by http too: for tests, and set by no variable. */
  toLoopback: boolean
}
