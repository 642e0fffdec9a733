/** An amount as it is answered: a decimal string with at least two decimals and no more than it needs. */
export function money(
  amount: { toString(): string } | number,
  currencyCode: string,
): { amount: string; currencyCode: string } {
  const [whole, fraction = ''] = (typeof amount === 'number' ? amount.toFixed(4) : amount.toString()).split('.')
  return { amount: `${whole}.${fraction.replace(/0+$/, '').padEnd(2, '0')}`, currencyCode }
}
