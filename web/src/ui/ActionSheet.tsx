import type { FormEvent, ReactNode } from 'react'
import { asProblem, isConflict } from '@/client/problem'
import { Button } from './Button'
import { Notice } from './Notice'
import { Sheet } from './Sheet'

type ActionSheetProps = {
  title: string
  open: boolean
  onClose: () => void
  onSubmit: () => void
  /** What the button says: the act itself, never "OK". */
  act: ReactNode
  danger?: boolean
  disabled?: boolean
  pending: boolean
  /** Why the last try came to nothing. */
  error: unknown
  className?: string
  children: ReactNode
}

/** Something to be filled in or confirmed before it is done. Stays open, and says why, when it fails. */
export function ActionSheet(props: ActionSheetProps) {
  const { title, open, onClose, onSubmit, act, danger, disabled, pending, error } = props
  function submit(event: FormEvent) {
    event.preventDefault()
    if (!pending && !disabled) onSubmit()
  }
  return (
    <Sheet title={title} open={open} onClose={onClose} className={props.className ?? 'sm:max-w-lg'}>
      <form onSubmit={submit} noValidate>
        <div className="space-y-4 p-5">{props.children}</div>
        <div className="sticky bottom-0 border-t border-line bg-card px-5 py-3">
          {error ? (
            <Notice tone="bad" className="mb-3">
              {isConflict(error) ? (
                <>
                  <p className="font-semibold">Somebody else was faster</p>
                  <p>
                    This was changed while you looked at it, and nothing of yours was done. Behind
                    this sheet stands the newest now: look again, and press once more if you still
                    mean it.
                  </p>
                </>
              ) : (
                <>
                  <p className="font-semibold">{asProblem(error).title}</p>
                  <p>{asProblem(error).message}</p>
                </>
              )}
            </Notice>
          ) : null}
          <div className="flex justify-end gap-2">
            <Button onClick={onClose} className="max-sm:flex-1">
              Keep things as they are
            </Button>
            <Button
              type="submit"
              look={danger ? 'danger' : 'solid'}
              disabled={pending || disabled}
              className="max-sm:flex-1"
            >
              {pending ? 'Working…' : act}
            </Button>
          </div>
        </div>
      </form>
    </Sheet>
  )
}
