/** What a carrier's tracking number looks like and how its check digit is found. */
type Carrier = { name: string; pattern: RegExp; isValid: (number: string) => boolean }

const carriers: readonly Carrier[] = [
  { name: 'UPS', pattern: /^1Z[0-9A-Z]{16}$/, isValid: (number) => upsCheck(number.slice(2)) },
  { name: 'S10', pattern: /^[A-Z]{2}\d{9}[A-Z]{2}$/, isValid: (number) => s10Check(number.slice(2, 11)) },
  {
    name: 'USPS',
    pattern: /^(?:9[1-5]\d{20}|9[1-5]\d{18}|420\d{5}9[1-5]\d{20})$/,
    isValid: (number) => mod10Check(number.length === 30 ? number.slice(8) : number),
  },
  { name: 'FedEx', pattern: /^\d{12}$/, isValid: (number) => weightedCheck(number, [3, 1, 7], 11) },
  { name: 'FedEx Ground', pattern: /^\d{15}$/, isValid: mod10Check },
  { name: 'FedEx', pattern: /^96\d{20}$/, isValid: mod10Check },
  {
    name: 'DHL Express',
    pattern: /^\d{10}$/,
    isValid: (number) => Number(number.slice(0, 9)) % 7 === Number(number[9]),
  },
  { name: 'DHL', pattern: /^(?:JJD|JD)\d{16,18}$/, isValid: () => true },
  { name: 'DHL eCommerce', pattern: /^GM\d{16,18}$/, isValid: () => true },
  { name: 'Amazon', pattern: /^TBA\d{12}$/, isValid: () => true },
]

/** Formats that say so themselves; a bare run of ten, twelve or fifteen digits may as well be an order, a phone or an account. */
const speaksForItself = new Set(['UPS', 'S10', 'USPS', 'DHL', 'DHL eCommerce', 'Amazon'])

/** The carrier of a tracking number without spaces, by format and check digit; null when it is none. */
export function carrierOf(number: string): { name: string; isCertain: boolean } | null {
  const upper = number.toUpperCase()
  const found = carriers.find(({ pattern, isValid }) => pattern.test(upper) && isValid(upper))
  return found ? { name: found.name, isCertain: speaksForItself.has(found.name) } : null
}

/** Letters count by their place in the alphabet, from 2 for A, modulo 10; every second place counts double. */
function upsCheck(body: string): boolean {
  let sum = 0
  for (let at = 0; at < 15; at++) {
    const code = body.charCodeAt(at)
    const digit = code >= 65 ? (code - 63) % 10 : code - 48
    sum += at % 2 === 1 ? digit * 2 : digit
  }
  return (10 - (sum % 10)) % 10 === Number(body[15])
}

/** Universal Postal Union, S10: weights 8 6 4 2 3 5 9 7, modulo 11. */
function s10Check(digits: string): boolean {
  const sum = [8, 6, 4, 2, 3, 5, 9, 7].reduce((total, weight, at) => total + weight * Number(digits[at]), 0)
  const check = 11 - (sum % 11)
  return (check === 10 ? 0 : check === 11 ? 5 : check) === Number(digits[8])
}

/** From the right, every second digit counts three times. */
function mod10Check(digits: string): boolean {
  let sum = 0
  for (let at = digits.length - 2; at >= 0; at--) sum += Number(digits[at]) * ((digits.length - at) % 2 === 0 ? 3 : 1)
  return (10 - (sum % 10)) % 10 === Number(digits.at(-1))
}

function weightedCheck(digits: string, weights: readonly number[], modulus: number): boolean {
  let sum = 0
  for (let at = 0; at < digits.length - 1; at++) sum += Number(digits[at]) * weights[at % weights.length]!
  return (sum % modulus) % 10 === Number(digits.at(-1))
}
