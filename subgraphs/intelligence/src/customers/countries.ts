const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })

/** Regions that the platform names and no country has: unions, reserved codes, test data. */
const others = new Set('AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ'.split(' '))

/** Whether it is an ISO 3166 code of two capital letters, as today's; Kosovo's XK too. */
export function isCountry(code: string): boolean {
  if (!/^[A-Z]{2}$/.test(code) || others.has(code) || names.of(code) === undefined) return false
  // A code that was given up is spelt anew.
  return new Intl.Locale(`und-${code}`).region === code
}
