import clsx from 'clsx'
import { type ReactNode, useId } from 'react'

type CardProps = {
  title: string
  /** A short remark beside the title: the unit, the moment, the count. */
  note?: ReactNode
  actions?: ReactNode
  className?: string
  children: ReactNode
}

export function Card({ title, note, actions, className, children }: CardProps) {
  const id = useId()
  return (
    <section
      aria-labelledby={id}
      className={clsx(
        'flex min-w-0 flex-col rounded-card border border-line bg-card shadow-card',
        className,
      )}
    >
      <header className="flex min-h-13 flex-wrap items-center gap-x-3 px-4 pt-2 sm:px-5">
        <h2 id={id} className="text-[0.9375rem] font-semibold tracking-tight">
          {title}
        </h2>
        {note && <p className="num text-[0.8125rem] text-muted">{note}</p>}
        {actions && <div className="ml-auto flex items-center gap-1">{actions}</div>}
      </header>
      {children}
    </section>
  )
}
