import ipaddr from 'ipaddr.js'

/** Azure's metadata service: a public-looking address that every machine there reaches. */
const alsoPrivate: readonly string[] = ['168.63.129.16']
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')

/** Whether an IP address is somebody's on the Internet: no private, loopback, link-local, shared, reserved or translated one. Pure. */
export function isPublicAddress(text: string): boolean {
  const address = parsed(text)
  if (!address || address.range() !== 'unicast' || alsoPrivate.includes(address.toString())) return false
  return address instanceof ipaddr.IPv6 ? address.match(globalUnicast) : true
}

/** Whether an IP address is this machine's own. Pure. */
export const isLoopbackAddress = (text: string): boolean => parsed(text)?.range() === 'loopback'

/** The address, an IPv4 one also where it is written as IPv6; null for what is none. A zone makes it local. */
function parsed(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  const isPlain = ipaddr.IPv4.isValidFourPartDecimal(text) || (text.includes(':') && ipaddr.IPv6.isValid(text))
  return isPlain && !text.includes('%') ? ipaddr.process(text) : null
}
