import { type ReactNode, useState } from 'react'

/** Content that lights up for a moment when `of` changes, but not when it first appears. */
export function Fresh({ of, children }: { of: unknown; children: ReactNode }) {
  const [seen, setSeen] = useState({ of, times: 0 })
  if (!Object.is(seen.of, of)) setSeen({ of, times: seen.times + 1 })
  return (
    <span key={seen.times} className={seen.times > 0 ? 'changed' : undefined}>
      {children}
    </span>
  )
}
