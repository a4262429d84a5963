import clsx from 'clsx'
import type { ReactNode } from 'react'

const TONES = {
  plain: 'bg-sunk',
  accent: 'bg-accent-soft',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-down-soft text-down',
  good: 'bg-up-soft text-up',
}

type NoticeProps = { tone?: keyof typeof TONES; className?: string; children: ReactNode }

/** A few words in the flow of a page that must not be overlooked. Bad ones are said aloud. */
export function Notice({ tone = 'plain', className, children }: NoticeProps) {
  return (
    <div
      role={tone === 'bad' ? 'alert' : undefined}
      className={clsx('rounded-xl px-4 py-3', TONES[tone], className)}
    >
      {children}
    </div>
  )
}
