import { refuse } from '@quimbi/service/errors.ts'

/** An amount of money as it is kept: not negative, two decimals, at most twelve digits before the point. */
export function amount(value: string, path: string[]): string {
  if (/^\d{1,12}(\.\d{1,2}0*)?$/.test(value)) return value
  return refuse('INVALID', `${path.at(-1)} is an amount from 0 to 999,999,999,999.99.`, path)
}
