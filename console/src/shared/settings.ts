import { useSyncExternalStore } from 'react'

/** What a person chose at this browser: theme, shortcuts, open panels. */
const prefix = 'quimbi.'
const listeners = new Set<() => void>()
const parsed = new Map<string, { text: string | null; value: unknown }>()

function read<Value>(name: string, fallback: Value): Value {
  const text = localStorage.getItem(prefix + name)
  const kept = parsed.get(name)
  if (kept && kept.text === text) return (kept.value ?? fallback) as Value
  const value = parse(text)
  parsed.set(name, { text, value })
  return (value ?? fallback) as Value
}

function parse(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

function listen(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', listener)
  }
}

/** A setting that is kept at this browser, the same in all its tabs. `fallback` should be a constant. */
export function useSetting<Value>(name: string, fallback: Value): readonly [Value, (value: Value) => void] {
  const value = useSyncExternalStore(listen, () => read(name, fallback))
  const set = (next: Value) => {
    localStorage.setItem(prefix + name, JSON.stringify(next))
    listeners.forEach((listener) => listener())
  }
  return [value, set] as const
}
