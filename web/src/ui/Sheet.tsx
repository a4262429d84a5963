import clsx from 'clsx'
import { X } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Button } from './Button'

type SheetProps = {
  title: string
  open: boolean
  onClose: () => void
  className?: string
  children: ReactNode
}

/**
 * The browser's own modal dialog: it keeps focus in, makes the page behind inert and closes on Esc,
 * without the inline styles that a script library would need. A sheet from below on a phone.
 */
export function Sheet({ title, open, onClose, className, children }: SheetProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const dialog = ref.current
    if (!dialog) return
    if (open && !dialog.open) dialog.showModal()
    if (!open && dialog.open) dialog.close()
  }, [open])
  return (
    // A click on the backdrop lands on the dialog itself; Esc does the same for the keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events
    <dialog
      ref={ref}
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => event.target === ref.current && onClose()}
      className={clsx(
        'm-0 mt-auto max-h-[85dvh] w-full max-w-none overflow-y-auto overscroll-contain rounded-t-2xl border border-line bg-card shadow-raised backdrop:bg-black/40 sm:m-auto sm:rounded-2xl',
        open && 'animate-[rise_180ms_ease-out]',
        className,
      )}
    >
      {open && (
        <>
          {/* Not a <header>: the page has its banner already. */}
          <div className="sticky top-0 z-10 flex items-center justify-between border-b border-line bg-card px-5 py-2.5">
            <h2 id={id} className="text-base font-semibold tracking-tight">
              {title}
            </h2>
            <Button look="plain" aria-label="Close" onClick={onClose} className="-mr-2 px-2">
              <X size={18} aria-hidden />
            </Button>
          </div>
          {children}
        </>
      )}
    </dialog>
  )
}
