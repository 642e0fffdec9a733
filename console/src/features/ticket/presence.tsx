import { Eye, PenLine } from 'lucide-react'
import { Avatar } from '../../ui/avatar.tsx'
import { Tip } from '../../ui/tip.tsx'
import type { Present } from './use-presence.ts'

const list = new Intl.ListFormat('en')

/** "Sam is typing a reply"; null where nobody is there. */
export function presenceSentence(present: readonly Present[]): string | null {
  const typing = present.filter(({ activity }) => activity === 'TYPING')
  const [who, does] = typing.length > 0 ? [typing, 'typing a reply'] : [present, 'looking at this']
  if (who.length === 0) return null
  return `${list.format(who.map(({ agent }) => agent.name))} ${who.length > 1 ? 'are' : 'is'} ${does}`
}

/** Who else is at the ticket: faces, and in words for who cannot see them. */
export function PresenceFaces({ present }: { present: readonly Present[] }) {
  const sentence = presenceSentence(present)
  return (
    <div role="status" aria-live="polite" className="flex items-center -space-x-1">
      {sentence && <span className="sr-only">{sentence}</span>}
      {present.slice(0, 4).map(({ agent, activity }) => (
        <Tip key={agent.id} text={`${agent.name} is ${activity === 'TYPING' ? 'typing a reply' : 'looking at this'}`}>
          <span className="relative rounded-full ring-2 ring-surface">
            <Avatar name={agent.name} />
            {activity === 'TYPING' && (
              <span className="absolute -right-0.5 -bottom-0.5 rounded-full bg-warn-soft p-px text-warn">
                <PenLine aria-hidden className="size-2.5" />
              </span>
            )}
          </span>
        </Tip>
      ))}
    </div>
  )
}

/** Said where one is about to answer, so that a customer does not get two replies. */
export function CollisionNotice({ present }: { present: readonly Present[] }) {
  const sentence = presenceSentence(present)
  if (!sentence) return null
  const isTyping = present.some(({ activity }) => activity === 'TYPING')
  const Icon = isTyping ? PenLine : Eye
  return (
    <p
      className={`flex items-center gap-1.5 px-3 py-1 text-xs ${isTyping ? 'bg-warn-soft font-medium text-warn' : 'text-ink-soft'}`}
    >
      <Icon aria-hidden className="size-3.5" />
      {sentence}
      {isTyping && '. Whoever sends second is told first.'}
    </p>
  )
}
