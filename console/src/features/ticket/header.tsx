import {
  AtSign,
  FileText,
  MessageCircle,
  PanelRightClose,
  PanelRightOpen,
  Phone,
  Smartphone,
  type LucideIcon,
} from 'lucide-react'
import { Link } from '@tanstack/react-router'
import { words } from '../../shared/format.ts'
import { Badge } from '../../ui/badge.tsx'
import { IconButton } from '../../ui/button.tsx'
import { useTitle } from '../../ui/page.tsx'
import type { TicketConversationFragment } from './generated/Ticket.ts'
import { PresenceFaces } from './presence.tsx'
import type { Present } from './use-presence.ts'

const channels: Record<TicketConversationFragment['channel'], LucideIcon> = {
  EMAIL: AtSign,
  CHAT: MessageCircle,
  SMS: Smartphone,
  PHONE: Phone,
  FORM: FileText,
}
const channelNames: Partial<Record<TicketConversationFragment['channel'], string>> = { EMAIL: 'E-mail', SMS: 'SMS' }

type HeaderProps = {
  ticket: TicketConversationFragment
  present: readonly Present[]
  /** Null where there is no side to open: on narrow screens. */
  side: { isOpen: boolean; onTurn: () => void } | null
}

/** Which ticket it is: subject, number, channel, customer; and who else is here. */
export function TicketHeader({ ticket, present, side }: HeaderProps) {
  const { subject, number, channel, customer, isDemo } = ticket
  const Icon = channels[channel]
  useTitle(`#${number} ${subject}`)
  return (
    <div className="flex items-start gap-3">
      <div className="min-w-0 flex-1">
        <h1 className="truncate text-lg leading-snug font-semibold" title={subject}>
          {subject}
        </h1>
        <p className="flex flex-wrap items-center gap-x-2 text-xs text-ink-soft">
          <span className="tabular-nums">#{number}</span>
          <span className="inline-flex items-center gap-1">
            <Icon aria-hidden className="size-3.5" />
            {channelNames[channel] ?? words(channel)}
          </span>
          <span>
            from{' '}
            <Link
              to="/customers/$customerId"
              params={{ customerId: customer.id }}
              className="font-medium text-ink underline-offset-2 hover:underline"
            >
              {customer.name ?? 'somebody unknown'}
            </Link>
          </span>
          {isDemo && <Badge>Demo, reaches nobody</Badge>}
        </p>
      </div>
      <PresenceFaces present={present} />
      {side && (
        <IconButton
          label={side.isOpen ? 'Hide the details' : 'Show the details'}
          shortcut="]"
          aria-expanded={side.isOpen}
          onClick={side.onTurn}
        >
          {side.isOpen ? (
            <PanelRightClose aria-hidden className="size-4" />
          ) : (
            <PanelRightOpen aria-hidden className="size-4" />
          )}
        </IconButton>
      )}
    </div>
  )
}
