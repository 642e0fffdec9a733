import { useState, type ChangeEvent } from 'react'
import { sentence, type UserError } from '../../../graph/errors.ts'

type Box = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

/** What is being filled in, and what was refused of it. */
export type Form<Values extends object> = {
  values: Values
  set: <Name extends keyof Values>(name: Name, value: Values[Name]) => void
  isDirty: boolean
  setErrors: (errors: readonly UserError[]) => void
  /** The refusal at a field or inside of it: `input.targets.0.seconds` is at `targets`. */
  errorOf: (name: keyof Values & string) => string | undefined
  /** Refusals that are at no field of this form. */
  others: readonly UserError[]
  /** The properties of a field for text. */
  text: (name: keyof Values & string) => {
    name: string
    value: string
    error: string | undefined
    onChange: (event: ChangeEvent<Box>) => void
  }
  /** The properties of a field that is on or off. */
  check: (name: keyof Values & string) => {
    name: string
    checked: boolean
    error: string | undefined
    onChange: (event: ChangeEvent<HTMLInputElement>) => void
  }
  /** What is filled in is now what is kept. */
  settle: (values: Values) => void
}

export function useForm<Values extends object>(initial: Values): Form<Values> {
  const [kept, setKept] = useState(initial)
  const [values, setValues] = useState(initial)
  const [errors, setErrors] = useState<readonly UserError[]>([])
  const isOf = (name: string) => (error: UserError) => error.path?.[1] === name
  const set: Form<Values>['set'] = (name, value) => {
    setValues((before) => ({ ...before, [name]: value }))
    setErrors((before) => before.filter((error) => !isOf(String(name))(error)))
  }
  const errorOf = (name: string) => {
    const error = errors.find(isOf(name))
    return error && sentence(error)
  }
  return {
    values,
    set,
    isDirty: JSON.stringify(values) !== JSON.stringify(kept),
    setErrors,
    errorOf,
    others: errors.filter(({ path }) => !path?.[1] || !Object.hasOwn(values, path[1])),
    text: (name) => ({
      name,
      value: values[name] as string,
      error: errorOf(name),
      onChange: (event) => set(name, event.target.value as Values[typeof name]),
    }),
    check: (name) => ({
      name,
      checked: values[name] as boolean,
      error: errorOf(name),
      onChange: (event) => set(name, event.target.checked as Values[typeof name]),
    }),
    settle(next) {
      setKept(next)
      setValues(next)
      setErrors([])
    },
  }
}

/** A refusal of our own, at a field: what would be refused anyway is said without asking. */
export const refused = (field: string, message: string): UserError => ({
  code: 'INVALID',
  message,
  path: ['input', field],
})

/** "refund, shipping" → ["refund", "shipping"]. */
export const labelsOf = (text: string): string[] => [
  ...new Set(
    text
      .split(',')
      .map((label) => label.trim())
      .filter((label) => label !== ''),
  ),
]
