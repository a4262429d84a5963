import clsx from 'clsx'
import type { ReactNode } from 'react'

/** A card without a title: what lists stand in. */
export function Panel({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <div
      className={clsx(
        'overflow-hidden rounded-card border border-line bg-card shadow-card',
        className,
      )}
    >
      {children}
    </div>
  )
}
