import { useEffect, useState } from 'react'

const PAUSE_MS = 200

/** A value that follows once it has rested for a moment: what somebody types, for a search. */
export function useLater<T>(value: T, pause = PAUSE_MS): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    if (Object.is(value, settled)) return
    const timer = setTimeout(() => setSettled(value), pause)
    return () => clearTimeout(timer)
  }, [value, settled, pause])
  return settled
}
