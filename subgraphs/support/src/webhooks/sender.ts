import type { ResolveAll } from '@quimbi/webhooks/client.ts'
import { createSender, type SenderOptions } from '@quimbi/webhooks/sender.ts'
import type { SupportDatabase } from '../database.ts'
import type { SupportSettings } from '../settings.ts'
import { dropPending, settle, takeDue } from './deliveries.ts'

export type WebhookSenderOptions = Omit<SenderOptions, 'toLoopback' | 'resolve'> & {
  database: SupportDatabase
  settings: Pick<SupportSettings, 'webhooksToLoopback'>
  resolve?: ResolveAll
}

/** Sends what is due to the endpoints of all tenants. The order of an endpoint's events is not kept. */
export function createWebhookSender({ database: { system }, settings, ...options }: WebhookSenderOptions) {
  return createSender(
    'webhook-sender',
    {
      take: (now, busy) => takeDue(system, now, busy),
      settle: (taken, outcome, at) => settle(system, taken, outcome, at),
      drop: ({ tenantId, endpointId, id }) => dropPending(system, { tenantId, endpointId, id }),
    },
    { ...options, toLoopback: settings.webhooksToLoopback === true },
  )
}
