import clsx from 'clsx'
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

type MessageProps = {
  icon: LucideIcon
  title: string
  children?: ReactNode
  actions?: ReactNode
  className?: string
}

/** What an empty or failed place says instead of its content: what happened and what to do. */
export function Message({ icon: Icon, title, children, actions, className }: MessageProps) {
  return (
    <div
      className={clsx(
        'flex flex-1 flex-col items-center justify-center gap-2 px-6 py-8 text-center',
        className,
      )}
    >
      <span className="mb-1 grid size-11 place-items-center rounded-full bg-sunk text-muted">
        <Icon size={20} aria-hidden />
      </span>
      <p className="text-[0.9375rem] font-semibold">{title}</p>
      {children && <div className="max-w-md text-muted">{children}</div>}
      {actions && <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  )
}
