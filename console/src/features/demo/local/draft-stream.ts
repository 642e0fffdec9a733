import { viewDraft } from './draft.ts'
import { byId, type World } from './world.ts'

type Wish = { previousDraftId: string; tone?: string | null; length?: string | null }
const everyMs = 35

/** A draft as it is written, word by word; the last chunk holds the whole. Returns what stops it. */
export function streamDraft(
  world: World,
  variables: Record<string, unknown>,
  tell: (chunk: object) => void,
): () => void {
  const wish = variables['input'] as Wish
  const ticket = world.tickets.find(({ id }) => wish.previousDraftId.startsWith(`demo-draft-${id}-`))
  const customer = byId(world.customers, ticket?.customerId)
  const draft = ticket && customer && viewDraft(ticket, customer, world.now(), wish)
  if (!draft) return () => {}
  const words = draft.content.split(/(?<=\s)/)
  const timer = setInterval(() => {
    const word = words.shift()
    if (word !== undefined) return tell({ text: word, done: false, draft: null })
    clearInterval(timer)
    tell({ text: '', done: true, draft })
  }, everyMs)
  return () => clearInterval(timer)
}
