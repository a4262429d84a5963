import clsx from 'clsx'
import type { ReactNode } from 'react'

export type Tone = 'plain' | 'accent' | 'good' | 'warn' | 'bad'

const TONES: Record<Tone, string> = {
  plain: 'bg-sunk text-muted',
  accent: 'bg-accent-soft text-accent',
  good: 'bg-up-soft text-up',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-down-soft text-down',
}

/** A state in a word; the colour only repeats it. */
export function Badge({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={clsx(
        'inline-flex h-5.5 items-center rounded-full px-2 text-xs font-medium whitespace-nowrap',
        TONES[tone],
      )}
    >
      {children}
    </span>
  )
}
