import { Search, X } from 'lucide-react'
import { useEffect, useEffectEvent, useState, type RefObject } from 'react'
import { Keys } from '../../ui/keys.tsx'

/** After so long without a letter it is looked for. */
const pauseMs = 200

/** Where to type what is looked for. Escape gives the inbox back. */
export function SearchBox({
  q,
  field,
  onSearch,
}: {
  q: string
  field: RefObject<HTMLInputElement | null>
  onSearch: (q: string) => void
}) {
  const [{ text, seen, isTyping }, set] = useState({ text: q, seen: q, isTyping: false })
  // The address may change by itself (back, a link): what is being typed wins.
  if (q !== seen) set({ text: isTyping ? text : q, seen: q, isTyping })
  const search = useEffectEvent(onSearch)
  useEffect(() => {
    if (!isTyping) return
    const timer = setTimeout(() => {
      set((now) => ({ ...now, isTyping: false }))
      search(text.trim())
    }, pauseMs)
    return () => clearTimeout(timer)
  }, [text, isTyping])
  const clear = () => {
    set({ text: '', seen: q, isTyping: false })
    onSearch('')
  }
  return (
    <div role="search" className="relative flex-1">
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-ink-faint"
      />
      <input
        ref={field}
        type="search"
        aria-label="Search tickets"
        placeholder="Search"
        maxLength={200}
        value={text}
        onChange={({ target }) => set({ text: target.value, seen: q, isTyping: true })}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.preventDefault()
          clear()
          event.currentTarget.blur()
        }}
        className="peer min-h-8 w-full rounded-md border border-line-strong/60 bg-surface py-1 pr-8 pl-8 text-sm placeholder:text-ink-faint [&::-webkit-search-cancel-button]:hidden"
      />
      {text === '' ? (
        <span aria-hidden className="pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 peer-focus:hidden">
          <Keys of="slash" />
        </span>
      ) : (
        <button
          type="button"
          aria-label="Clear the search"
          onClick={clear}
          className="absolute top-1/2 right-1 inline-flex size-6 -translate-y-1/2 items-center justify-center rounded text-ink-soft hover:bg-raised"
        >
          <X aria-hidden className="size-4" />
        </button>
      )}
    </div>
  )
}
