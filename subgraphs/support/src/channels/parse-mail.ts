import { createHash } from 'node:crypto'
import { codedError } from '@quimbi/service/errors.ts'
import PostalMime, { type Address, type Email } from 'postal-mime'
import { isMailAddress, keptId, messageIdsIn } from './addresses.ts'
import { automaticKind, failureReport, type AutomaticKind, type FailureReport, type Headers } from './automatic.ts'
import { printable, printableLine, textOfHtml } from './plain.ts'
import { newText } from './reply-text.ts'

/** A file as it came in. */
export type InboundFile = { fileName: string; contentType: string; bytes: Uint8Array }

/** A mail as we understand it. All texts are printable and within their limits. */
export type InboundMail = {
  /** Its Message-ID, or a hash of the whole where it has none. */
  externalId: string
  from: { address: string; name: string } | null
  /** Every address to which it was sent. */
  addressed: string[]
  /** Message-IDs of what it answers, the nearest last. */
  references: string[]
  subject: string
  /** What was newly written, without quoted history and signature; never empty. */
  content: string
  html: string | null
  files: InboundFile[]
  /** More files than are taken. */
  leftOut: number
  /** Null for a person's. */
  automatic: AutomaticKind | null
  report: FailureReport | null
  /** Message-IDs quoted in a report, the likeliest first. */
  reported: string[]
}

/** A little less than a message may have: a note about files may follow. */
const maxContent = 49_900
const maxFiles = 20
const maxHtml = 500_000
/** A report's text is looked at so far. */
const maxReport = 200_000

/** Reads a mail (RFC 5322, MIME). BAD_USER_INPUT for one that is no mail, nested too deep, or all headers. */
export async function parseMail(raw: Uint8Array): Promise<InboundMail> {
  const limits = { maxNestingDepth: 50, maxHeadersSize: 512 * 1024, maxRfc822NestingDepth: 2 }
  const email = await PostalMime.parse(raw, limits).catch(() => {
    throw codedError(
      'BAD_USER_INPUT',
      'This mail cannot be read: it is damaged, nested too deep, or has too many headers.',
    )
  })
  if (email.headers.length === 0) throw codedError('BAD_USER_INPUT', 'This is no mail: it has no headers.')
  const headers = firstOfEach(email)
  const from = senderOf(email)
  const text = bodyOf(email)
  const report = reportOf(raw, headers)
  const files = filesOf(email)
  return {
    externalId: email.messageId
      ? keptId(email.messageId.trim())
      : `sha256:${createHash('sha256').update(raw).digest('hex')}`,
    from,
    addressed: addressedTo(email),
    references: messageIdsIn(`${email.references ?? ''} ${email.inReplyTo ?? ''}`),
    subject: printableLine(email.subject ?? '', 300),
    content: newText(text).slice(0, maxContent).toWellFormed().trim() || '(no text)',
    html: email.html ? email.html.slice(0, maxHtml).replaceAll('\u0000', '').toWellFormed() : null,
    ...files,
    automatic: automaticKind(headers, from?.address ?? null),
    ...report,
  }
}

const firstOfEach = ({ headers }: Email): Headers =>
  new Map(headers.toReversed().map(({ key, value }) => [key, value] as const))

function senderOf({ from }: Email): InboundMail['from'] {
  const [mailbox] = mailboxes(from ? [from] : [])
  return mailbox && isMailAddress(mailbox.address)
    ? { address: mailbox.address, name: printableLine(mailbox.name, 200) || mailbox.address }
    : null
}

const mailboxes = (addresses: readonly Address[] = []): { name: string; address: string }[] =>
  addresses
    .flatMap((one) => one.group ?? [one])
    .map(({ name, address }) => ({ name, address: address.trim().toLowerCase() }))

/** More recipients than these are not looked at. */
const maxRecipients = 100

function addressedTo({ to, cc, deliveredTo, headers }: Email): string[] {
  const given = mailboxes([...(to ?? []), ...(cc ?? [])]).map(({ address }) => address)
  const forwarded = headers.filter(({ key }) => ['x-original-to', 'envelope-to', 'delivered-to'].includes(key))
  return [...given, deliveredTo ?? '', ...forwarded.map(({ value }) => value.trim().toLowerCase())]
    .filter(Boolean)
    .slice(0, maxRecipients)
}

/** Characters that are looked at before it is cut. */
const maxBody = 1_000_000

function bodyOf({ text, html }: Email): string {
  const plain = printable((text ?? '').slice(0, maxBody)).trim()
  return plain === '' && html ? textOfHtml(html) : plain
}

function reportOf(raw: Uint8Array, headers: Headers): Pick<InboundMail, 'report' | 'reported'> {
  const text = Buffer.from(raw.subarray(0, maxReport)).toString('latin1')
  const report = failureReport(headers, text)
  return { report, reported: report ? reportedIn(text) : [] }
}

// What came back names itself; what it answered, which it names too, may well have arrived. Some reports name it only as what they answer.
function reportedIn(text: string): string[] {
  const own = [...text.matchAll(/^Message-ID:\s*(<[^<>\s]{3,998}>)/gim)].flatMap(([, id]) => id ?? [])
  return [...own, ...messageIdsIn(text, 200).toReversed()]
}

function filesOf({ attachments }: Email): Pick<InboundMail, 'files' | 'leftOut'> {
  const given = attachments.filter(
    ({ mimeType }) => !/^message\/(delivery-status|disposition-notification)$/.test(mimeType),
  )
  const files = given
    .slice(0, maxFiles)
    .map(({ filename, mimeType, content }) => ({
      fileName: printableLine(filename ?? 'attachment', 200) || 'attachment',
      contentType: /^[\w.+-]{1,60}\/[\w.+-]{1,60}$/.test(mimeType) ? mimeType : 'application/octet-stream',
      bytes: typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content),
    }))
    .filter(({ bytes }) => bytes.byteLength > 0)
  return { files, leftOut: given.length - files.length }
}
