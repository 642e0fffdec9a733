import { isIP } from 'node:net'
import { refuse } from '@quimbi/service/errors.ts'
import { isLoopbackAddress, isPublicAddress } from './addresses.ts'

const maxLength = 2_000

/** The host as an IP address's text, or its name: IPv6 stands in brackets in a URL. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '')

/** An endpoint's address in its normal form; INVALID or TOO_LONG. Where a name leads is looked at each time it is called. */
export function webhookUrl(given: string, { toLoopback }: { toLoopback: boolean }, path: string[]): string {
  const no = (message: string): never => refuse('INVALID', message, path)
  if (given.length > maxLength) refuse('TOO_LONG', 'url has at most 2,000 characters.', path)
  const url = URL.parse(given.trim()) ?? no('url is no URL.')
  const host = hostOf(url)
  const isOwn = toLoopback && (host === 'localhost' || isLoopbackAddress(host))
  if (url.protocol !== 'https:' && !(isOwn && url.protocol === 'http:')) no('url begins with https://.')
  if (url.username !== '' || url.password !== '') no('url holds no user name and no password.')
  const isInternal = isIP(host) ? !isPublicAddress(host) : /(^|\.)localhost\.?$/.test(host)
  if (isInternal && !isOwn) no('url leads to a private address.')
  url.hash = ''
  return url.href.length > maxLength ? refuse('TOO_LONG', 'url has at most 2,000 characters.', path) : url.href
}
