import { ChevronsUp, ChevronUp, Crown, Gem, Mail, MessageCircle, Phone, Smartphone, TrendingDown } from 'lucide-react'
import { ClipboardList, type LucideIcon } from 'lucide-react'
import { words } from '../../shared/format.ts'
import { classes } from '../../ui/classes.ts'
import type { InboxRowFragment } from './generated/Inbox.ts'
import { isHighValue, riskLevel } from './why.ts'

/** A sign with its meaning in words. */
function Mark({ icon: Icon, label, className }: { icon: LucideIcon; label: string; className?: string }) {
  return (
    <span title={label} className="inline-flex shrink-0">
      <Icon aria-hidden className={classes('size-3.5', className)} />
      <span className="sr-only">{label}</span>
    </span>
  )
}

const channelIcons = { EMAIL: Mail, CHAT: MessageCircle, SMS: Smartphone, PHONE: Phone, FORM: ClipboardList }

/** By which way the customer wrote. */
export const ChannelMark = ({ channel }: Pick<InboxRowFragment, 'channel'>) => (
  <Mark icon={channelIcons[channel]} label={channel === 'SMS' ? 'SMS' : words(channel)} className="text-ink-faint" />
)

export function PriorityMark({ priority }: Pick<InboxRowFragment, 'priority'>) {
  if (priority === 'URGENT') return <Mark icon={ChevronsUp} label="Urgent" className="text-bad" />
  if (priority === 'HIGH') return <Mark icon={ChevronUp} label="High priority" className="text-warn" />
  return null
}

/** Who the customer is to the business, as far as it is known: nothing is shown of what is not. */
export function CustomerMarks({ customer, smartScore }: Pick<InboxRowFragment, 'customer' | 'smartScore'>) {
  const of = (name: string) => smartScore.components.find((part) => part.name === name)
  const [churn, value] = [of('CHURN_RISK'), of('CUSTOMER_VALUE')]
  const risk = riskLevel(churn?.input)
  return (
    <>
      {customer.isVip && <Mark icon={Crown} label="VIP" className="text-note" />}
      {value && isHighValue(value) && <Mark icon={Gem} label="High value" className="text-accent" />}
      {(risk === 'high' || risk === 'critical') && (
        <Mark icon={TrendingDown} label={`Churn risk ${risk}`} className="text-bad" />
      )}
    </>
  )
}
