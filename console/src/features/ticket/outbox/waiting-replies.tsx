import { useOutboxStore } from './use-outbox.ts'

/** Replies that waited for a connection go out as soon as somebody is logged in, whatever page is open. */
export function WaitingReplies() {
  useOutboxStore()
  return null
}
