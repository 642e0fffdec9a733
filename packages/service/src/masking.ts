const secretKey = /password|passwd|secret|token|authorization|cookie|apikey|signature|privatekey|credential|servicekeys/
const countKey = /tokens$/
const emailKey = /email/
const phoneKey = /phone|mobile/
const nameKey = /^(name|firstname|lastname|fullname|displayname|customername|agentname|sendername)$/
const contentKey = /^(content|body|html|snippet|address|street|rawbody|notes?|parameters)$/

const redacted = '[redacted]'
const maxDepth = 8
const maxItems = 50
const maxText = 16 * 1024

/**
 * A copy of what is to be logged, at any depth: secrets removed, personal data reduced to what tells two values apart.
 * Keys decide first; strings are searched for what looks like a secret or an address whatever their key.
 */
export function maskValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return maskText(value)
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : value
  if (value instanceof Date) return value
  if (depth >= maxDepth) return '[deep]'
  if (value instanceof Error) return maskError(value, depth)
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`
  if ('toJSON' in value && typeof value.toJSON === 'function') return maskValue(value.toJSON(), depth + 1)
  if (Array.isArray(value)) return value.slice(0, maxItems).map((item) => maskValue(item, depth + 1))
  const entries =
    value instanceof Map ? [...value.entries()].map(([key, item]) => [String(key), item]) : Object.entries(value)
  const isPrivateKey = 'kty' in value
  return Object.fromEntries(
    entries.map(([key, item]) => [key, isPrivateKey && key === 'd' ? redacted : maskEntry(key, item, depth + 1)]),
  )
}

/**
 * Emails, bearer tokens, JWTs, API keys and passwords in addresses, wherever they stand in a text. What is longer than
 * 16 KiB is cut, and every pattern is bounded: a log line must not cost a client's hostile text squared.
 */
export function maskText(text: string): string {
  return cut(text)
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${redacted}`)
    .replace(/\beyJ[\w-]{1,2000}\.[\w-]{1,4000}\.[\w-]*/g, redacted)
    .replace(/\bqk_[a-z]{1,16}_[\w-]+/g, redacted)
    .replace(/(:\/\/)[^\s/@"'\\]+@/g, `$1${redacted}@`)
    .replace(
      /[^\s@"'\\<>()[\]{},;:=/]{1,128}@[^\s@"'\\<>()[\]{},;:=/]{1,255}\.[^\s@"'\\<>()[\]{},;:=/]{1,63}/g,
      maskEmail,
    )
}

// At a space where there is one near, so that no half of a secret stays unrecognised.
function cut(text: string): string {
  if (text.length <= maxText) return text
  const end = Math.max(text.lastIndexOf(' ', maxText), text.lastIndexOf('\n', maxText), maxText - 4096)
  return `${text.slice(0, end)} [${text.length - end} more characters]`
}

/** `mia@shop.example.com` becomes `m***@s***.com`. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  if (at < 1) return '***'
  const domain = email.slice(at + 1)
  const dot = domain.lastIndexOf('.')
  return `${first(email)}***@${first(domain)}***${dot < 1 ? '' : domain.slice(dot)}`
}

function maskEntry(key: string, value: unknown, depth: number): unknown {
  const name = key.toLowerCase().replaceAll(/[^a-z]/g, '')
  if (value === null || value === undefined || typeof value === 'boolean') return value
  if (secretKey.test(name)) return typeof value === 'number' && countKey.test(name) ? value : redacted
  if (typeof value === 'number' && phoneKey.test(name)) return '***'
  if (contentKey.test(name)) return contentOf(value)
  if (typeof value !== 'string') return maskMembers(name, value, depth)
  if (emailKey.test(name)) return maskEmail(value)
  if (phoneKey.test(name)) return `***${value.replaceAll(/\D/g, '').slice(-2)}`
  if (nameKey.test(name)) return value === '' ? '' : `${first(value)}***`
  return maskText(value)
}

// `emails: [{ … }]` is an object to look into, `emails: ['…']` a list of addresses.
function maskMembers(name: string, value: unknown, depth: number): unknown {
  if (!Array.isArray(value)) return maskValue(value, depth)
  const singular = name.replace(/s$/, '')
  return value
    .slice(0, maxItems)
    .map((item) => (typeof item === 'string' ? maskEntry(singular, item, depth) : maskValue(item, depth + 1)))
}

function contentOf(value: unknown): unknown {
  if (typeof value === 'string') return `[${value.length} characters]`
  return Array.isArray(value) ? `[${value.length} items]` : redacted
}

/** Only the known fields: drivers hang rows and parameters on their errors. */
function maskError(error: Error, depth: number): Record<string, unknown> {
  const code = 'code' in error && typeof error.code !== 'object' ? { code: error.code } : {}
  return {
    type: error.name,
    message: maskText(error.message),
    ...code,
    stack: maskText(error.stack ?? ''),
    ...(error.cause !== undefined && { cause: maskValue(error.cause, depth + 1) }),
    ...(error instanceof AggregateError && { errors: maskValue(error.errors, depth + 1) }),
  }
}

function first(text: string): string {
  return String.fromCodePoint(text.codePointAt(0) ?? 0x2a)
}
