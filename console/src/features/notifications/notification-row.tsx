import { Link } from '@tanstack/react-router'
import {
  AtSign,
  CalendarClock,
  Check,
  CircleAlert,
  Flame,
  MailX,
  MoveRight,
  Timer,
  UserCheck,
  Workflow,
  type LucideIcon,
} from 'lucide-react'
import { words } from '../../shared/format.ts'
import { Ago } from '../../shared/now.tsx'
import { IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import type { NotificationLineFragment } from './generated/Notifications.ts'

type Kind = NotificationLineFragment['kind']

const looks: Record<Kind, { icon: LucideIcon; tone: string }> = {
  ASSIGNED: { icon: UserCheck, tone: 'text-accent' },
  TRANSFERRED: { icon: MoveRight, tone: 'text-accent' },
  MENTION: { icon: AtSign, tone: 'text-accent' },
  ESCALATION: { icon: Flame, tone: 'text-bad' },
  SLA_WARNING: { icon: Timer, tone: 'text-warn' },
  SLA_BREACHED: { icon: CircleAlert, tone: 'text-bad' },
  FOLLOW_UP_DUE: { icon: CalendarClock, tone: 'text-warn' },
  DELIVERY_FAILED: { icon: MailX, tone: 'text-bad' },
  RULE: { icon: Workflow, tone: 'text-ink-soft' },
}

type Props = { notification: NotificationLineFragment; onRead: () => void; onLeave: () => void }

/** One line: what happened, of which ticket, when. Following it reads it. */
export function NotificationRow({ notification, onRead, onLeave }: Props) {
  const { kind, text, createdAt, readAt, ticket } = notification
  const { icon: Icon, tone } = looks[kind]
  const isUnread = readAt === null
  const leave = () => {
    onRead()
    onLeave()
  }
  return (
    <li
      className={classes(
        'flex items-start gap-2.5 border-b border-line px-3 py-2.5 last:border-b-0',
        isUnread && 'bg-accent-soft/40',
      )}
    >
      <Icon aria-hidden className={classes('mt-0.5 size-4 shrink-0', tone)} />
      <div className="min-w-0 flex-1">
        <p className={classes('text-sm', isUnread ? 'font-medium' : 'text-ink-soft')}>
          <span className="sr-only">{`${isUnread ? 'Unread. ' : ''}${words(kind)}: `}</span>
          {ticket ? (
            <Link
              to="/inbox/$number"
              params={{ number: String(ticket.number) }}
              onClick={leave}
              className="hover:underline"
            >
              {text}
            </Link>
          ) : (
            text
          )}
        </p>
        <p className="flex gap-1.5 text-xs text-ink-faint">
          {ticket && (
            <span className="min-w-0 truncate" title={ticket.subject}>{`#${ticket.number} ${ticket.subject}`}</span>
          )}
          <span className="shrink-0">
            {ticket && '· '}
            <Ago at={createdAt} />
          </span>
        </p>
      </div>
      {isUnread && (
        <IconButton label="Mark read" onClick={onRead} className="-my-1 size-7 min-h-7">
          <Check aria-hidden className="size-4" />
        </IconButton>
      )}
    </li>
  )
}
