import { changeOf, Delta } from './Delta'
import type { Bucket } from './plot'

type TrendTooltipProps = {
  bucket: Bucket
  withPrevious: boolean
  format: (value: number | null) => string
  x: number
  width: number
}

const WIDTH = 216

/** The values under the cursor. For the eye only: the chart itself speaks them. */
export function TrendTooltip({ bucket, withPrevious, format, x, width }: TrendTooltipProps) {
  const right = x + 14
  const left = right + WIDTH > width ? Math.max(0, x - 14 - WIDTH) : right
  const { value, previous, partial } = bucket
  const compared = withPrevious && previous !== null
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute top-2 z-10 rounded-lg border border-line bg-card px-3 py-2 text-[0.8125rem] shadow-raised"
      style={{ left, width: WIDTH }}
    >
      <p className="mb-1 flex justify-between gap-2 text-xs text-muted">
        <span>{bucket.label}</span>
        {partial && <span className="text-accent">so far</span>}
      </p>
      <p className="num flex items-center justify-between gap-2 font-semibold">
        <span className="h-0.5 w-3.5 rounded bg-accent" />
        <span className="mr-auto">{format(value)}</span>
        {compared && !partial && value !== null && (
          <Delta change={changeOf(value, previous)} isNew={previous === 0 && value > 0} />
        )}
      </p>
      {compared && (
        <p className="num mt-0.5 flex items-center gap-2 text-muted">
          <span className="w-3.5 border-t-2 border-dashed border-muted" />
          <span>{format(previous)}</span>
          <span className="ml-auto text-xs">{bucket.previousLabel}</span>
        </p>
      )}
    </div>
  )
}
