import { Suspense, useEffect, useState } from 'react'
import { onToast } from '../shared/toast.ts'
import { lazyPart } from '../ui/lazy-part.tsx'

const Toaster = lazyPart(async () => (await import('sonner')).Toaster, { isSilent: true })

/** It is there so long after the first paint at the latest: ms. */
const aheadMs = 2_000

/** Where toasts appear; loaded when the first one is wanted, or when there is time. */
export function Toasts() {
  const [isWanted, setWanted] = useState(false)
  const [ready] = useState(() => Promise.withResolvers<void>())
  useEffect(() => {
    const timer = setTimeout(() => setWanted(true), aheadMs)
    const leave = onToast(() => {
      setWanted(true)
      return ready.promise
    })
    return () => {
      clearTimeout(timer)
      leave()
    }
  }, [ready])
  if (!isWanted) return null
  return (
    <Suspense>
      <Toaster position="bottom-right" closeButton />
      <Shown onShown={ready.resolve} />
    </Suspense>
  )
}

/** Told after what stands before it. */
function Shown({ onShown }: { onShown: () => void }) {
  useEffect(onShown, [onShown])
  return null
}
