/** Whether it is an IANA time zone that this platform knows. No mere offset, which PostgreSQL reads with its sign turned round. */
export function isTimeZone(name: string): boolean {
  try {
    return /^[a-z]/i.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }) !== null
  } catch {
    return false
  }
}
