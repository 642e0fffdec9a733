import { useLazyQuery } from '@apollo/client/react'
import { useState } from 'react'
import { formatDateTime, formatMoney, formatNumber, words } from '../../shared/format.ts'
import { Button } from '../../ui/button.tsx'
import { SelectField } from '../../ui/field.tsx'
import { Missing, Skeleton } from '../../ui/state.tsx'
import { FactList } from './fact-list.tsx'
import { CustomerAdviceDocument, type CustomerAdviceQuery } from './generated/Advice.ts'
import { channelName } from './wording.ts'

/** What one wants of an offer, and of the message that carries it. */
const goals = [
  { value: 'COMPENSATE', label: 'Make up for a fault', messageType: 'SUPPORT_REPLY' },
  { value: 'RETAIN', label: 'Keep them', messageType: 'FOLLOW_UP' },
  { value: 'WIN_BACK', label: 'Win them back', messageType: 'WIN_BACK' },
  { value: 'UPSELL', label: 'Sell them more', messageType: 'PROMOTION' },
] as const

/** What to offer and when to write; worked out when asked for. */
export function Advice({ customerId }: { customerId: string }) {
  const [goal, setGoal] = useState<(typeof goals)[number]>(goals[0])
  const [ask, { data, loading, called }] = useLazyQuery(CustomerAdviceDocument)
  const variables = { id: customerId, goal: goal.value, messageType: goal.messageType }
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-end gap-2">
        <div className="flex-1">
          <SelectField
            label="Purpose of an offer"
            isLabelHidden
            options={goals}
            value={goal.value}
            onChange={({ target }) => setGoal(goals.find(({ value }) => value === target.value) ?? goals[0])}
          />
        </div>
        <Button isBusy={loading} onClick={() => void ask({ variables })}>
          Work out
        </Button>
      </div>
      <div aria-live="polite">
        {loading && <Skeleton className="h-12" label="Working out what to offer" />}
        {called && !loading && <Advised of={data?.customer ?? null} />}
      </div>
    </div>
  )
}

function Advised({ of }: { of: CustomerAdviceQuery['customer'] }) {
  if (!of || (!of.personalizedOffer && !of.optimalContact)) return <Missing what="Advice for this customer" />
  const { personalizedOffer: offer, optimalContact: contact } = of
  return (
    <FactList
      facts={[
        [
          'Offer',
          offer && (
            <>
              <strong>{offerName(offer)}</strong>
              <span className="block text-xs text-ink-soft">{offer.explanation}</span>
            </>
          ),
        ],
        [
          'Best contact',
          contact && (
            <>
              <strong>
                {channelName(contact.channel)}, {formatDateTime(contact.at)}
              </strong>
              <span className="block text-xs text-ink-soft">{contact.explanation}</span>
            </>
          ),
        ],
      ]}
    />
  )
}

function offerName({
  kind,
  percent,
  amount,
}: NonNullable<NonNullable<CustomerAdviceQuery['customer']>['personalizedOffer']>) {
  if (kind === 'DISCOUNT' && percent !== null) return `${formatNumber(percent)} % off the next order`
  if (kind === 'CREDIT' && amount) return `${formatMoney(amount)} credit`
  return kind === 'NONE' ? 'No offer' : words(kind)
}
