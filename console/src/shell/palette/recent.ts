import { useSetting } from '../../shared/settings.ts'

/** What was chosen before: a command by its id, a ticket or a customer with what it was called. */
export type Recent =
  | { kind: 'command'; id: string }
  | { kind: 'ticket'; id: string; number: number; title: string }
  | { kind: 'customer'; id: string; title: string }

const most = 6
const none: readonly Recent[] = []

/** The latest first, each once; kept for each person. */
export function useRecent(who: string) {
  const [recent, setRecent] = useSetting<readonly Recent[]>(`recent.${who}`, none)
  const remember = (one: Recent) => setRecent(withLatest(recent, one))
  return [recent, remember] as const
}

export const withLatest = (recent: readonly Recent[], one: Recent): Recent[] =>
  [one, ...recent.filter(({ kind, id }) => kind !== one.kind || id !== one.id)].slice(0, most)
