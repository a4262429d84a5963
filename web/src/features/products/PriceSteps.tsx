import type { PriceStep } from '@/client/api'
import { useState } from 'react'
import { money } from '@/lib/format'

const WIDTH = 320
const HEIGHT = 56
const INSET = 3

/** The price over time as steps, of one currency; the list below says the same in words. */
export function PriceSteps({ steps, currency }: { steps: PriceStep[]; currency: string | null }) {
  const [now] = useState(Date.now)
  const known = steps
    .filter((step) => step.currency === currency && step.new_price !== null)
    .toReversed()
  const first = known[0]
  if (!first || known.length < 2 || currency === null) return null
  const prices = known.map(({ new_price }) => new_price ?? 0)
  const [low, high] = [Math.min(...prices), Math.max(...prices)]
  const [from, to] = [Date.parse(first.changed_at), now]
  const x = (at: string) => ((Date.parse(at) - from) / Math.max(1, to - from)) * WIDTH
  const y = (price: number) =>
    high === low ? HEIGHT / 2 : INSET + (1 - (price - low) / (high - low)) * (HEIGHT - 2 * INSET)
  const path = known
    .map(({ changed_at, new_price }, index) => {
      const [at, height] = [x(changed_at).toFixed(1), y(new_price ?? 0).toFixed(1)]
      return index === 0 ? `M${at} ${height}` : `H${at}V${height}`
    })
    .join('')
  return (
    <figure className="px-4 pt-1 pb-2 sm:px-5">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-14 w-full overflow-visible"
        aria-hidden
      >
        <path
          d={`${path}H${WIDTH}`}
          fill="none"
          stroke="var(--accent)"
          strokeWidth={2}
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <figcaption className="num mt-1 text-xs text-muted">
        Between {money(low, currency)} and {money(high, currency)}
      </figcaption>
    </figure>
  )
}
