import { useSyncExternalStore } from 'react'

const NARROW = '(max-width: 639px)'

function subscribe(listener: () => void): () => void {
  const media = window.matchMedia(NARROW)
  media.addEventListener('change', listener)
  return () => media.removeEventListener('change', listener)
}

/** Narrower than Tailwind's `sm`; for what CSS alone cannot decide. */
export function useIsPhone(): boolean {
  return useSyncExternalStore(subscribe, () => window.matchMedia(NARROW).matches)
}
