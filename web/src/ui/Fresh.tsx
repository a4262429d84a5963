import { type ReactNode, useEffect, useState } from 'react'

const LIT_MS = 600

/**
 * Content that lights up for a moment when `of` changes, but not when it first appears. Two paints, no
 * animation: with figures moving all day, a fading colour would keep the processor busy for nothing.
 */
export function Fresh({ of, children }: { of: unknown; children: ReactNode }) {
  const [seen, setSeen] = useState(of)
  const [lit, setLit] = useState(false)
  if (!Object.is(seen, of)) {
    setSeen(of)
    setLit(true)
  }
  useEffect(() => {
    if (!lit) return
    const timer = setTimeout(() => setLit(false), LIT_MS)
    return () => clearTimeout(timer)
  }, [lit])
  return <span className={lit ? 'text-accent' : undefined}>{children}</span>
}
