import type { Readable } from 'node:stream'
import { createTransport, type Transporter } from 'nodemailer'
import type { SupportSettings } from '../settings.ts'
import { NotDelivered, type ChannelAdapter, type Outbound } from './adapter.ts'
import { isMailAddress, mailDomain, messageIdOf, replyAddress } from './addresses.ts'

export type SmtpSettings = Pick<SupportSettings, 'publicUrl' | 'inboundToken'> & { smtpUrl: string; mailFrom: string }

/** E-mail by an SMTP server, over kept connections; TLS as the server offers it, and required where a password goes over the network. */
export function createSmtp(settings: SmtpSettings): ChannelAdapter {
  const transporter = createTransport({
    url: settings.smtpUrl,
    pool: true,
    maxConnections: 4,
    // Its own retries know nothing of ours: a message goes out when we say so, and once.
    maxRequeues: 0,
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 45_000,
    requireTLS: sendsPasswordOut(settings.smtpUrl),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const readOf = watchReading(transporter)
  return {
    channel: 'EMAIL',
    async deliver(outbound, signal) {
      if (!isMailAddress(outbound.recipient)) throw new NotDelivered('PERMANENT', 'This is no e-mail address.')
      const messageId = messageIdOf(outbound.id, mailDomain(settings))
      const opened: Readable[] = []
      try {
        for (const file of outbound.files) opened.push(await file.open())
        const mail = compose(outbound, messageId, settings, opened)
        await transporter.sendMail({ ...mail, signal }).catch((error: unknown) => {
          throw failureOf(error, readOf(messageId))
        })
      } finally {
        readOf.forget(messageId)
        for (const bytes of opened) bytes.destroy()
      }
      return { externalId: messageId }
    },
    async close() {
      transporter.close()
    },
  }
}

function sendsPasswordOut(smtpUrl: string): boolean {
  const { protocol, username, hostname } = new URL(smtpUrl)
  return protocol === 'smtp:' && username !== '' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}

/** Tells whether a byte of a message's text has left for the server: until then it cannot have been accepted. */
function watchReading(transporter: Transporter) {
  const streams = new Map<string, Readable>()
  transporter.use('stream', (mail, done) => {
    const { message } = mail
    const create = message.createReadStream.bind(message)
    message.createReadStream = (...options: Parameters<typeof create>) => {
      const stream = create(...options)
      streams.set(message.messageId(), stream)
      return stream
    }
    done()
  })
  const readOf = (messageId: string): boolean => streams.get(messageId)?.readableDidRead ?? false
  return Object.assign(readOf, { forget: (messageId: string) => void streams.delete(messageId) })
}

type SmtpError = { code?: string; command?: string; responseCode?: number; response?: string }

/** What a failed attempt means. The server's own answer decides; without one, whether it can have had the message. */
export function failureOf(error: unknown, didRead: boolean): NotDelivered {
  const { code, responseCode, response } = error as SmtpError
  const said = response?.slice(0, 300) ?? ''
  const options = { cause: error }
  if (responseCode !== undefined && (code === 'EENVELOPE' || code === 'EMESSAGE')) {
    return responseCode >= 500
      ? new NotDelivered('PERMANENT', `The mail server refused it: ${said}`, options)
      : new NotDelivered('TEMPORARY', `The mail server put it off: ${said}`, options)
  }
  if (didRead) return new NotDelivered('UNKNOWN', 'The connection was lost while it was sent.', options)
  // No answer of the server: we ourselves found that it cannot go, by its recipient or by its size.
  if (code === 'EENVELOPE' || code === 'EMESSAGE')
    return new NotDelivered('PERMANENT', 'The mail server takes no such message.', options)
  return new NotDelivered('TEMPORARY', `The mail server could not be reached (${code ?? 'unknown'}).`, options)
}

function compose(
  outbound: Outbound,
  messageId: string,
  { mailFrom, inboundToken }: SmtpSettings,
  opened: readonly Readable[],
) {
  const { tenantId, ticketNumber, recipient, recipientName, brand, content, contentHtml, thread } = outbound
  const signature = missingSignature(outbound)
  const answered = thread.filter((id) => /^<[^<>\s]+>$/.test(id))
  const last = answered.at(-1)
  const attachments = outbound.files.map(({ fileName, contentType }, index) => ({
    filename: fileName,
    contentType,
    content: opened[index]!,
  }))
  return {
    messageId,
    from: { name: oneLine(brand), address: mailFrom },
    to: { name: oneLine(recipientName ?? ''), address: recipient },
    ...(inboundToken !== undefined && {
      replyTo: {
        name: oneLine(brand),
        address: replyAddress(mailFrom, { tenantId, number: ticketNumber }, inboundToken),
      },
    }),
    subject: subjectOf(outbound),
    ...(last !== undefined && { inReplyTo: last, references: answered }),
    // RFC 3834: so that no machine answers what a machine wrote.
    headers: { 'Auto-Submitted': outbound.isAutomatic ? 'auto-generated' : 'no' },
    text: signature ? `${content}\n\n-- \n${signature}` : content,
    ...(contentHtml !== null && {
      html: signature ? `${contentHtml}<p>-- <br>${escaped(signature)}</p>` : contentHtml,
    }),
    attachments,
  }
}

/** The tenant's, where the message does not end with it already, as a drafted one does. */
function missingSignature({ content, signature }: Outbound): string | null {
  const plain = (text: string) => text.replace(/\s+/g, ' ').trim()
  return signature !== null && plain(content).endsWith(plain(signature)) ? null : signature
}

/** One subject for a ticket, so that mail programs keep its messages together. */
const subjectOf = ({ subject, ticketNumber }: Outbound): string => {
  const plain = oneLine(subject)
  return `${/^re:/i.test(plain) ? '' : 'Re: '}${plain} [#${ticketNumber}]`
}

const oneLine = (value: string): string => value.replace(/[\s\u0000-\u001F\u007F]+/g, ' ').trim()

const escaped = (value: string): string =>
  value.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`).replaceAll('\n', '<br>')
