import { sentence, type UserError } from '../../../graph/errors.ts'

/** Refusals that belong to no field. */
export function Refusals({ errors }: { errors: readonly UserError[] }) {
  if (errors.length === 0) return null
  return (
    <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-sm text-bad">
      {errors.map(sentence).join(' ')}
    </p>
  )
}
