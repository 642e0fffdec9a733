import { refuse } from '@quimbi/service/errors.ts'

/** Trims; refuses an empty or too long value and control characters other than tab and line breaks. */
export function text(value: string, { path, max }: { path: string[]; max: number }): string {
  // Half of a surrogate pair cannot be stored as JSON.
  const trimmed = value.toWellFormed().trim()
  const field = path.at(-1) ?? 'value'
  if (trimmed === '') refuse('REQUIRED', `${field} must not be empty.`, path)
  if (trimmed.length > max) refuse('TOO_LONG', `${field} has at most ${max.toLocaleString('en')} characters.`, path)
  // PostgreSQL refuses U+0000, and the others have no place in what people read.
  if (/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/.test(trimmed))
    refuse('INVALID', `${field} contains control characters.`, path)
  return trimmed
}

/** Labels: trimmed, without repeats; at most 50 of 100 characters. */
export function labels(values: readonly string[] | null | undefined, path: string[]): string[] {
  const unique = [...new Set((values ?? []).map((value) => text(value, { path, max: 100 })))]
  if (unique.length > 50) refuse('LIMIT_EXCEEDED', 'At most 50 labels.', path)
  return unique
}
