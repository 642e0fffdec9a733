import { UserErrors, type UserError } from '@quimbi/service/errors.ts'

/** The records that pass, each with its place in the batch, and why the others do not. `check` throws UserErrors. */
export function checkAll<Record, Checked extends object>(
  records: readonly Record[],
  check: (record: Record, path: string[]) => Checked,
): { checked: (Checked & { index: number })[]; userErrors: UserError[] } {
  const checked: (Checked & { index: number })[] = []
  const userErrors: UserError[] = []
  records.forEach((record, index) => {
    try {
      checked.push({ ...check(record, [String(index)]), index })
    } catch (error) {
      if (!(error instanceof UserErrors)) throw error
      userErrors.push(...error.errors)
    }
  })
  return { checked, userErrors }
}
