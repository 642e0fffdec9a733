import { ChevronDown, RefreshCw, Sparkles, Square, TriangleAlert } from 'lucide-react'
import { memo } from 'react'
import { formatPercent, words } from '../../../shared/format.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Menu } from '../../../ui/menu.tsx'
import { Tip } from '../../../ui/tip.tsx'
import type { Draft } from './state.ts'

type Tone = Draft['tone']
export type Wish = { tone?: Tone; length?: 'SHORT' | 'MEDIUM' | 'LONG' }

/** Below this a draft asks to be read with care. */
const careful = 0.5

const tones: readonly Tone[] = ['FRIENDLY', 'PROFESSIONAL', 'EMPATHETIC', 'CONCISE', 'CASUAL', 'CONVERSATIONAL']
const lengths = ['SHORT', 'MEDIUM', 'LONG'] as const
const writers: Record<string, string> = { 'built-in': 'the built-in writer' }

/** Whose text it is: a draft's, with how sure it is and why, or the person's own. */
export function DraftMark({ draft, isEdited }: { draft: Draft; isEdited: boolean }) {
  const isUnsure = draft.confidence < careful
  const writer = writers[draft.generator] ?? draft.generator
  return (
    <Tip
      text={
        <>
          <p>{draft.reasoning}</p>
          {draft.personalization.length > 0 && <p>Uses: {draft.personalization.join(', ').toLowerCase()}.</p>}
        </>
      }
    >
      <button type="button" className="flex min-h-6 min-w-0 items-center gap-1.5 rounded text-xs text-ink-soft">
        <Badge tone={isUnsure ? 'warn' : 'accent'}>
          {isUnsure ? <TriangleAlert aria-hidden className="size-3" /> : <Sparkles aria-hidden className="size-3" />}
          {isEdited ? 'Draft, edited' : 'Draft'}
        </Badge>
        <span className="truncate">
          {isUnsure && 'Check before sending: '}
          {formatPercent(draft.confidence)} sure, written by {writer}
        </span>
      </button>
    </Tip>
  )
}

/** Another draft, for who disagrees with this one. */
export const DraftTools = memo(function DraftTools({
  draft,
  onWrite,
}: {
  draft: Draft
  onWrite: (wish: Wish) => void
}) {
  const small = 'min-h-6 gap-0.5 px-1.5 text-xs'
  return (
    <div className="ml-auto flex shrink-0 items-center">
      <Menu
        label="Tone"
        trigger={
          <Button kind="quiet" className={small}>
            Tone <ChevronDown aria-hidden className="size-3" />
          </Button>
        }
        items={tones.map((tone) => ({
          id: tone,
          label: words(tone) + (tone === draft.tone ? ' (now)' : ''),
          run: () => onWrite({ tone }),
        }))}
      />
      <Menu
        label="Length"
        trigger={
          <Button kind="quiet" className={small}>
            Length <ChevronDown aria-hidden className="size-3" />
          </Button>
        }
        items={lengths.map((length) => ({ id: length, label: words(length), run: () => onWrite({ length }) }))}
      />
      <IconButton label="Write the draft anew" className="size-6 min-h-6" onClick={() => onWrite({})}>
        <RefreshCw aria-hidden className="size-3.5" />
      </IconButton>
    </div>
  )
})

/** While a draft is being written: what is seen is not verified yet. */
export function WritingBar({ onStop }: { onStop: () => void }) {
  return (
    <>
      <p role="status" className="flex items-center gap-1.5 text-xs text-ink-soft">
        <RefreshCw aria-hidden className="size-3.5 animate-spin" />
        Writing… not verified until it is done
      </p>
      <Button kind="quiet" className="ml-auto min-h-6 gap-1 px-1.5 text-xs" onClick={onStop}>
        <Square aria-hidden className="size-3" />
        Stop
      </Button>
    </>
  )
}
