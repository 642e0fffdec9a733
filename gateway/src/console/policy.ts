import { randomBytes } from 'node:crypto'

/** Where `vite build` leaves room for a nonce: on what it writes into the page, and in `<meta property="csp-nonce">`, where libraries' styles take it from. */
export const noncePlaceholder = '__CSP_NONCE__'

export const createNonce = (): string => randomBytes(18).toString('base64url')

/** What the page may do: our own scripts, styles and data, and files from `files`, the origins where attachments are. Nobody may frame it. */
export function policyOf(nonce: string, files: readonly string[] = []): string {
  const own = ["'self'", ...files].join(' ')
  return [
    "default-src 'none'",
    "script-src 'self'",
    // The lock that keeps a page still below a dialog is a style made as it opens, so no hash can be known of it.
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src ${own} data: blob:`,
    "font-src 'self'",
    // Includes WebSockets to the same host.
    `connect-src ${own}`,
    "manifest-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ')
}
