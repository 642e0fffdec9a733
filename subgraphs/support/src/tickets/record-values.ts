import { refuse } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import { instant } from '../common/instant.ts'
import { text } from '../common/text.ts'

// What the fields of a record to import have in common. All throw UserErrors, and are pure.

type Optional<T> = T | null | undefined

export const channels = ['EMAIL', 'SMS', 'PHONE', 'CHAT', 'FORM']

/** Text that may be missing; an empty one is. */
export const words = (value: Optional<string>, path: string[], max: number): string | null =>
  value ? text(value, { path, max }) : null

export const when = (value: Optional<Date>, path: string[]): Date | null => (value ? instant(value, path) : null)

/** An agent's address as agents are known by. */
export const address = (email: Optional<string>): string | null => email?.trim().toLowerCase() || null

export const uuid = (id: string, path: string[]): string =>
  isUuid(id) ? id.toLowerCase() : refuse('INVALID', 'This is no UUID.', path)

export function oneOf<T extends string>(values: readonly T[], value: T, path: string[]): T {
  return values.includes(value) ? value : refuse('INVALID', `${path.at(-1)} is one of ${values.join(', ')}.`, path)
}

export const share = (value: Optional<number>, path: string[]): number | null =>
  value === null || value === undefined || (value >= 0 && value <= 1)
    ? (value ?? null)
    : refuse('INVALID', `${path.at(-1)} is a number from 0 to 1.`, path)
