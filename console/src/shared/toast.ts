import type { ExternalToast } from 'sonner'

/** A word at the edge of the screen, as sonner shows it; what shows it is loaded with the first one. */
type Say = (text: string, options?: ExternalToast) => void
type Wanted = () => Promise<void>

const listeners = new Set<Wanted>()

/** Calls when a toast is wanted, and waits for its promise: a toast that nobody shows is lost. Returns what ends it. */
export function onToast(wanted: Wanted): () => void {
  listeners.add(wanted)
  return () => listeners.delete(wanted)
}

async function withToasts() {
  const [{ toast }] = await Promise.all([import('sonner'), ...[...listeners].map((wanted) => wanted())])
  return toast
}

const say =
  (kind: 'message' | 'success' | 'error' | 'info' | 'warning'): Say =>
  (text, options) =>
    void withToasts().then((shown) => shown[kind](text, options))

export const toast = {
  message: say('message'),
  success: say('success'),
  error: say('error'),
  info: say('info'),
  warning: say('warning'),
  dismiss: (id?: number | string) => void withToasts().then((shown) => shown.dismiss(id)),
}
