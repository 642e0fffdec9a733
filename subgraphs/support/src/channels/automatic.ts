/** A mail's headers by lower-case name, the first of each. */
export type Headers = ReadonlyMap<string, string>

/**
 * What a machine wrote. RESPONSE: in answer to something, an auto-reply or a bounce: answering it may loop, and nobody asked anything. GENERATED: by itself,
 * such as a form's or a list's mail: somebody may want something.
 */
export type AutomaticKind = 'RESPONSE' | 'GENERATED'

/** How automatic a mail is; null for a person's. Pure. */
export function automaticKind(headers: Headers, from: string | null): AutomaticKind | null {
  const autoSubmitted = word(headers.get('auto-submitted'))
  const precedence = word(headers.get('precedence'))
  const isResponse =
    autoSubmitted === 'auto-replied' ||
    precedence === 'auto_reply' ||
    ['x-autoreply', 'x-autorespond', 'x-autoresponder'].some((name) => headers.has(name)) ||
    /^multipart\/report\b/i.test(headers.get('content-type') ?? '') ||
    headers.get('return-path')?.trim() === '<>' ||
    from === null ||
    /^(mailer-daemon|postmaster)@/i.test(from)
  if (isResponse) return 'RESPONSE'
  const isGenerated = (autoSubmitted !== '' && autoSubmitted !== 'no') || ['bulk', 'junk'].includes(precedence)
  return isGenerated ? 'GENERATED' : null
}

const word = (value = ''): string => (/^\s*([\w-]+)/.exec(value)?.[1] ?? '').toLowerCase()

/** What a mail server reported of a message that it could not deliver. */
export type FailureReport = { reason: string }

/**
 * A report (RFC 3464) of a delivery that failed for good; null for any other mail and for delays. Reads the mail's own text: the parts in
 * question are never encoded. Pure.
 */
export function failureReport(headers: Headers, raw: string): FailureReport | null {
  if (!/^multipart\/report\b.*delivery-status/is.test(headers.get('content-type') ?? '')) return null
  if (!/^Action:\s*failed\b/im.test(raw)) return null
  const status = /^Status:\s*(\d\.\d{1,3}\.\d{1,3})/im.exec(raw)?.[1]
  const diagnostic = /^Diagnostic-Code:\s*(?:[\w-]+;)?\s*([^\r\n]{1,200})/im.exec(raw)?.[1]
  const details = [status, diagnostic].filter(Boolean).join(' ')
  return { reason: `The recipient’s mail server refused it${details === '' ? '.' : `: ${details}`}` }
}
