/** Whether it is a well-formed BCP 47 language tag. */
export function isLocale(tag: string): boolean {
  try {
    return tag.length <= 35 && new Intl.Locale(tag).baseName !== ''
  } catch {
    return false
  }
}
