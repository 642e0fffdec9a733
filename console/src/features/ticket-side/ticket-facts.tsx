import { Link } from '@tanstack/react-router'
import { AlarmClock, Bot, CalendarClock, CornerDownRight, Flame, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { formatDateTime, formatPercent } from '../../shared/format.ts'
import { Badge } from '../../ui/badge.tsx'
import { Tip } from '../../ui/tip.tsx'
import type { Abilities } from './abilities.ts'
import { isMachine, nameOf } from './actors.ts'
import type { TicketActs } from './ticket-acts.ts'
import type { TicketNow } from './use-ticket.ts'

type Shown = { ticket: TicketNow; acts: TicketActs; may: Abilities }

/** What is the case with a ticket beyond its state, and its tags. Nothing where there is nothing. */
export function TicketFacts({ ticket, acts, may }: Shown) {
  const { snoozedUntil, followUpAt, escalation, mergedInto, team, tags } = ticket
  if (!snoozedUntil && !followUpAt && !escalation && !mergedInto && !team && tags.length === 0) return null
  return (
    <ul aria-label="About this ticket" className="flex flex-wrap items-center gap-1">
      {mergedInto && (
        <Fact tone="warn" icon={<CornerDownRight aria-hidden className="size-3" />}>
          Part of{' '}
          <Link to="/inbox/$number" params={{ number: String(mergedInto.number) }} className="underline">
            #{mergedInto.number}
          </Link>
        </Fact>
      )}
      {escalation && (
        <Fact
          tone="bad"
          icon={<Flame aria-hidden className="size-3" />}
          tip={`${nameOf(escalation.by)}: ${escalation.reason}`}
        >
          Escalated, level {escalation.level}
        </Fact>
      )}
      {snoozedUntil && (
        <Fact tone="accent" icon={<AlarmClock aria-hidden className="size-3" />}>
          Snoozed until {formatDateTime(snoozedUntil)}
        </Fact>
      )}
      {followUpAt && (
        <Fact
          tone="note"
          icon={<CalendarClock aria-hidden className="size-3" />}
          {...(may.change && { end: { label: 'Take the follow-up back', run: () => void acts.cancelFollowUp() } })}
        >
          Follow-up {formatDateTime(followUpAt)}
        </Fact>
      )}
      {team && <Fact tone="neutral">Team {team.name}</Fact>}
      {tags.map((tag) => (
        <TagChip key={tag.name} tag={tag} {...(may.change && { onRemove: () => void acts.untag(tag.name) })} />
      ))}
    </ul>
  )
}

type FactProps = {
  tone: 'neutral' | 'warn' | 'bad' | 'accent' | 'note'
  icon?: ReactNode
  tip?: string
  /** What ends it. */
  end?: { label: string; run: () => void }
  children: ReactNode
}

function Fact({ tone, icon, tip, end, children }: FactProps) {
  const badge = (
    <Badge tone={tone} className="min-h-6">
      {icon}
      {children}
      {end && <RemoveButton label={end.label} onClick={end.run} />}
    </Badge>
  )
  if (!tip) return <li>{badge}</li>
  return (
    <li>
      <Tip text={tip}>
        <button type="button" className="rounded">
          {badge}
          <span className="sr-only">{tip}</span>
        </button>
      </Tip>
    </li>
  )
}

type Tag = TicketNow['tags'][number]

/** Where a tag comes from, in words. */
export function originOf({ addedBy, confidence }: Tag): string {
  const sure = confidence === null ? '' : `, ${formatPercent(confidence)} sure`
  return `Added by ${nameOf(addedBy)}${sure}`
}

/** A tag; one that a machine added says so, and how sure it was. */
export function TagChip({ tag, onRemove }: { tag: Tag; onRemove?: () => void }) {
  const isByMachine = isMachine(tag.addedBy)
  return (
    <li className="inline-flex min-h-6 items-center gap-1 rounded border border-line bg-surface pl-1.5 text-xs text-ink-soft">
      <span
        title={originOf(tag)}
        className={onRemove ? 'inline-flex items-center gap-1' : 'inline-flex items-center gap-1 pr-1.5'}
      >
        {isByMachine && <Bot aria-hidden className="size-3 text-ink-faint" />}
        {tag.name}
        {tag.confidence !== null && <span className="text-ink-faint">{formatPercent(tag.confidence)}</span>}
        <span className="sr-only">{originOf(tag)}</span>
      </span>
      {onRemove && <RemoveButton label={`Remove the tag ${tag.name}`} onClick={onRemove} />}
    </li>
  )
}

function RemoveButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button
      type="button"
      aria-label={label}
      className="inline-flex size-6 items-center justify-center rounded hover:bg-raised hover:text-ink"
      onClick={onClick}
    >
      <X aria-hidden className="size-3" />
    </button>
  )
}
