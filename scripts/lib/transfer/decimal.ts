/** Decimals are added and multiplied as whole ten-thousandths: exact, which a float is not. */
const decimals = 4

/** `12.5` → 125000n; null for what is no decimal number with at most four decimals. */
export function parseDecimal(text: string): bigint | null {
  const match = /^(-?)(\d{1,15})(?:\.(\d{1,4})0*)?$/.exec(text)
  if (!match) return null
  const [, sign, whole = '', fraction = ''] = match
  const units = BigInt(whole + fraction.padEnd(decimals, '0'))
  return sign === '-' ? -units : units
}

/** 125000n → `12.5`. */
export function formatDecimal(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0')
  const fraction = digits.slice(-decimals).replace(/0+$/, '')
  return `${units < 0n ? '-' : ''}${digits.slice(0, -decimals)}${fraction === '' ? '' : `.${fraction}`}`
}
