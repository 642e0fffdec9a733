import { useNavigate, useSearch } from '@tanstack/react-router'

/** What of the address a part of the analytics reads: choices of the person, each one of a few. */
export function useChoice<Value extends string>(
  name: string,
  choices: readonly Value[],
): readonly [Value, (value: Value) => void] {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  // Figures in an address come back as numbers.
  const chosen = choices.find((choice) => choice === String(search[name])) ?? (choices[0] as Value)
  const choose = (value: Value) =>
    void navigate({ to: '.', search: { ...search, [name]: value } as never, replace: true })
  return [chosen, choose]
}

export const periods = ['30', '7', '90', '365'] as const
export const periodChoices = [
  { value: '7', label: 'Last 7 days' },
  { value: '30', label: 'Last 30 days' },
  { value: '90', label: 'Last 90 days' },
  { value: '365', label: 'Last 365 days' },
] as const

/** Whole days up to the end of today, so that the same day asks the same. */
export function periodOf(days: number, now: number): { from: string; to: string } {
  const day = 86_400_000
  const end = (Math.floor(now / day) + 1) * day
  return { from: new Date(end - days * day).toISOString(), to: new Date(end).toISOString() }
}
