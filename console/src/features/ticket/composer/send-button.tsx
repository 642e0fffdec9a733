import { CheckCheck, ChevronUp, Hourglass, SendHorizontal } from 'lucide-react'
import { memo } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Menu } from '../../../ui/menu.tsx'
import { Tip } from '../../../ui/tip.tsx'

export type ThenStatus = 'OPEN' | 'PENDING' | 'CLOSED' | null

/** Sends; and behind the arrow, sends and puts the ticket in another state. */
export const SendButton = memo(function SendButton({
  isDisabled,
  onSend,
}: {
  isDisabled: boolean
  onSend: (then: ThenStatus) => void
}) {
  const icon = 'size-4 text-ink-faint'
  return (
    <div className="flex" role="group" aria-label="Send">
      <Tip text="Send" shortcut="mod+enter">
        <Button kind="primary" className="rounded-r-none" disabled={isDisabled} onClick={() => onSend(null)}>
          <SendHorizontal aria-hidden className="size-4" />
          Send
        </Button>
      </Tip>
      <Menu
        label="Send and…"
        trigger={
          <Button
            kind="primary"
            aria-label="More ways to send"
            disabled={isDisabled}
            className="rounded-l-none border-l border-accent-ink/30 px-1.5"
          >
            <ChevronUp aria-hidden className="size-4" />
          </Button>
        }
        items={[
          {
            id: 'close',
            label: 'Send and close',
            icon: <CheckCheck aria-hidden className={icon} />,
            shortcut: 'mod+shift+enter',
            run: () => onSend('CLOSED'),
          },
          {
            id: 'wait',
            label: 'Send and wait for the customer',
            icon: <Hourglass aria-hidden className={icon} />,
            run: () => onSend('PENDING'),
          },
        ]}
      />
    </div>
  )
})
