import clsx from 'clsx'
import { type ComponentProps, forwardRef } from 'react'

export type ButtonLook = 'plain' | 'outline' | 'solid' | 'danger'
type ButtonProps = ComponentProps<'button'> & { look?: ButtonLook }

const LOOKS = {
  plain: 'text-muted hover:bg-sunk hover:text-ink data-[state=open]:bg-sunk',
  outline:
    'border border-line bg-card text-ink shadow-card hover:border-strong-line disabled:opacity-60 data-[state=open]:border-accent',
  solid: 'bg-accent font-semibold text-on-accent hover:brightness-110 disabled:opacity-60',
  danger: 'bg-down font-semibold text-card hover:brightness-110 disabled:opacity-60',
}

/** For links that look like buttons. */
export function buttonClass(look: ButtonLook = 'outline', className?: string): string {
  return clsx(SHAPE, LOOKS[look], className)
}

const SHAPE =
  'inline-flex h-9 min-w-9 shrink-0 items-center justify-center gap-2 rounded-lg px-3 font-medium whitespace-nowrap transition-colors pointer-coarse:h-11 pointer-coarse:min-w-11'

/** 36 px high under a mouse, 44 px under a finger. */
export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  { look = 'outline', className, ...props },
  ref,
) {
  return <button ref={ref} type="button" className={buttonClass(look, className)} {...props} />
})
