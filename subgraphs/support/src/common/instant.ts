import { refuse } from '@quimbi/service/errors.ts'

/** Refuses what is no date, or lies outside the years 1970 to 2199. */
export function instant(date: Date, path: string[]): Date {
  const year = date.getUTCFullYear()
  return year >= 1970 && year < 2200 ? date : refuse('INVALID', `${path.at(-1)} lies before 1970 or is no date.`, path)
}
