import clsx from 'clsx'
import { type ComponentProps, forwardRef } from 'react'

type ButtonProps = ComponentProps<'button'> & { look?: 'plain' | 'outline' | 'solid' }

const LOOKS = {
  plain: 'text-muted hover:bg-sunk hover:text-ink data-[state=open]:bg-sunk',
  outline:
    'border border-line bg-card text-ink shadow-card hover:border-strong-line data-[state=open]:border-accent',
  solid: 'bg-accent font-semibold text-on-accent hover:brightness-110 disabled:opacity-60',
}

/** 36 px high under a mouse, 44 px under a finger. */
export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  { look = 'outline', className, ...props },
  ref,
) {
  return (
    <button
      ref={ref}
      type="button"
      className={clsx(
        'inline-flex h-9 min-w-9 shrink-0 items-center justify-center gap-2 rounded-lg px-3 font-medium whitespace-nowrap transition-colors pointer-coarse:h-11 pointer-coarse:min-w-11',
        LOOKS[look],
        className,
      )}
      {...props}
    />
  )
})
