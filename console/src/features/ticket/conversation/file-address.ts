const loopback = /^(localhost|127\.0\.0\.1|\[::1\])$/

/** A signed address; one machine's several names for itself are one to us, and a page may only ask its own. */
export function atThisOrigin(address: string): string {
  if (!URL.canParse(address)) return address
  const url = new URL(address)
  const isSame = loopback.test(url.hostname) && loopback.test(location.hostname)
  return isSame ? location.origin + url.pathname + url.search : address
}
