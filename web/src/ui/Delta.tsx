import clsx from 'clsx'
import { ArrowDownRight, ArrowUpRight, Minus } from 'lucide-react'
import { percent } from '@/lib/format'

type DeltaProps = {
  /** A fraction; null when there is nothing to compare with. */
  change: number | null
  /** True when the base was zero and there is something now. */
  isNew?: boolean
  className?: string
}

/** A change, told by arrow, colour and words alike. */
export function Delta({ change, isNew = false, className }: DeltaProps) {
  const base = clsx('num inline-flex items-center gap-0.5 font-medium whitespace-nowrap', className)
  if (change === null) {
    return isNew ? (
      <span className={clsx(base, 'text-accent')}>new</span>
    ) : (
      <span className={clsx(base, 'text-muted')}>
        <span aria-hidden>–</span>
        <span className="sr-only">nothing to compare with</span>
      </span>
    )
  }
  // Smaller than what is printed is no change.
  if (Math.abs(change) < 0.0005) {
    return (
      <span className={clsx(base, 'text-muted')}>
        <Minus size={14} aria-hidden />
        0%
      </span>
    )
  }
  const up = change > 0
  const Arrow = up ? ArrowUpRight : ArrowDownRight
  return (
    <span className={clsx(base, up ? 'text-up' : 'text-down')}>
      <Arrow size={15} strokeWidth={2.25} aria-hidden />
      <span className="sr-only">{up ? 'up ' : 'down '}</span>
      {percent(change)}
    </span>
  )
}

/** The change from `base` to `now`, undefined where the base is zero. */
export function changeOf(now: number, base: number): number | null {
  return base === 0 ? null : now / base - 1
}
