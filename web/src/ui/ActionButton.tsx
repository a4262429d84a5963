import clsx from 'clsx'
import { type ComponentProps, useId } from 'react'
import { Button } from './Button'
import { toast } from './toast'

/** Whether something may be done, and what to say where it may not. */
export type Permission = { allowed: boolean; why: string | null }

type ActionButtonProps = ComponentProps<typeof Button> & { may: Permission }

/**
 * A button that stays in reach when it may not be used: it then says why, to the pointer, to a screen
 * reader, and to whoever presses it all the same.
 */
export function ActionButton({ may, onClick, className, children, ...props }: ActionButtonProps) {
  const id = useId()
  if (may.allowed) {
    return (
      <Button onClick={onClick} className={className} {...props}>
        {children}
      </Button>
    )
  }
  return (
    <>
      <Button
        {...props}
        type="button"
        aria-disabled="true"
        aria-describedby={may.why ? id : undefined}
        title={may.why ?? undefined}
        className={clsx(className, 'cursor-not-allowed! opacity-55')}
        onClick={() => may.why && toast(may.why, 'bad')}
      >
        {children}
      </Button>
      {may.why && (
        <span id={id} hidden>
          {may.why}
        </span>
      )}
    </>
  )
}
