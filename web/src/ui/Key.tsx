import clsx from 'clsx'
import type { ReactNode } from 'react'

/** A key on the keyboard; hidden where there is none. */
export function Key({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <kbd
      // Said by aria-keyshortcuts and the help: not a part of the name of what it stands on.
      aria-hidden
      className={clsx(
        'inline-flex h-5 min-w-5 items-center justify-center rounded border border-line bg-sunk px-1 font-sans text-[0.6875rem] text-muted pointer-coarse:hidden',
        className,
      )}
    >
      {children}
    </kbd>
  )
}
