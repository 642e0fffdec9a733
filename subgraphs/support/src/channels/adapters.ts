import { ConfigError } from '@quimbi/service/config.ts'
import type { SupportSettings } from '../settings.ts'
import { channels, type Channel, type ChannelAdapter } from './adapter.ts'
import { createFileOutbox } from './file-outbox.ts'
import { createSmtp } from './smtp.ts'

export type Adapters = ReadonlyMap<Channel, ChannelAdapter>

/** An adapter for each channel, as the installation is configured. ConfigError when it sends mail from nobody. */
export function createAdapters(settings: SupportSettings): Adapters {
  const { smtpUrl, mailFrom, filesDir } = settings
  if (smtpUrl !== undefined && mailFrom === undefined)
    throw new ConfigError('SMTP_URL needs MAIL_FROM: the address that mail comes from.')
  return new Map(
    channels.map((channel) => [
      channel,
      channel === 'EMAIL' && smtpUrl !== undefined && mailFrom !== undefined
        ? createSmtp({ ...settings, smtpUrl, mailFrom })
        : createFileOutbox(channel, filesDir),
    ]),
  )
}
