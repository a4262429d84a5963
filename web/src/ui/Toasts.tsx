import clsx from 'clsx'
import { CircleAlert, CircleCheck, X } from 'lucide-react'
import { dismiss, useToasts } from './toast'

/** Said aloud too. Above the bar of pages on a phone. */
export function Toasts() {
  const toasts = useToasts()
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-3 bottom-19 z-50 mx-auto flex max-w-md flex-col gap-2 sm:right-6 sm:bottom-6 sm:left-auto sm:mx-0"
    >
      {toasts.map(({ id, text, tone }) => (
        <div
          key={id}
          className="pointer-events-auto flex animate-[rise_180ms_ease-out] items-center gap-3 rounded-xl border border-line bg-card py-1.5 pr-1.5 pl-4 shadow-raised"
        >
          {tone === 'good' ? (
            <CircleCheck size={18} className="shrink-0 text-up" aria-hidden />
          ) : (
            <CircleAlert size={18} className="shrink-0 text-down" aria-hidden />
          )}
          <p className="min-w-0 flex-1 py-1.5">{text}</p>
          <button
            type="button"
            aria-label="Dismiss this message"
            onClick={() => dismiss(id)}
            className={clsx(
              'grid size-9 shrink-0 place-items-center rounded-lg text-muted hover:text-ink',
              'pointer-coarse:size-11',
            )}
          >
            <X size={16} aria-hidden />
          </button>
        </div>
      ))}
    </div>
  )
}
