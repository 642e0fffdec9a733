import { useSyncExternalStore } from 'react'

/** As the style sheet's `max-sm`. */
const query = '(width < 40rem)'

function follow(onChange: () => void): () => void {
  const small = matchMedia(query)
  small.addEventListener('change', onChange)
  return () => small.removeEventListener('change', onChange)
}

/** Whether the screen is a telephone's, where the rail lies below the page. */
export const useIsSmallScreen = (): boolean => useSyncExternalStore(follow, () => matchMedia(query).matches)
