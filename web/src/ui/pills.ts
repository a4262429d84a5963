import clsx from 'clsx'

/** A row of links to parts of one list; moves sideways where the window is too narrow. */
export const PILLS = '-mx-4 flex gap-1 overflow-x-auto px-4 [scrollbar-width:none] sm:mx-0 sm:px-0'

export function pillClass(isCurrent: boolean): string {
  return clsx(
    'flex h-9 shrink-0 items-center rounded-full px-3.5 font-medium pointer-coarse:h-11',
    isCurrent ? 'bg-accent-soft text-accent' : 'text-muted hover:bg-sunk hover:text-ink',
  )
}
