import { Link, type LinkProps } from '@tanstack/react-router'
import { ChevronLeft } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'

type PageProps = {
  title: string
  /** Beside the title: a state, a number. */
  beside?: ReactNode
  note?: ReactNode
  back?: { to: LinkProps['to']; label: string }
  actions?: ReactNode
  children: ReactNode
}

/** A page of the back office: where one is, what can be done here, and the content. */
export function Page({ title, beside, note, back, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Tradewind`
  }, [title])
  return (
    <main className="mx-auto max-w-[88rem] px-4 pt-4 pb-10 sm:px-6">
      {back && (
        <Link
          to={back.to}
          className="-ml-1 inline-flex h-8 items-center gap-0.5 rounded-lg pr-2 text-[0.8125rem] text-muted hover:text-ink pointer-coarse:h-11"
        >
          <ChevronLeft size={16} aria-hidden /> {back.label}
        </Link>
      )}
      <div className="mb-4 flex min-h-10 flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0 text-xl font-semibold tracking-tight break-words sm:text-2xl">
          {title}
        </h1>
        {beside}
        {actions && <div className="flex flex-wrap items-center gap-2 sm:ml-auto">{actions}</div>}
        {note && <div className="w-full text-muted">{note}</div>}
      </div>
      {children}
    </main>
  )
}
