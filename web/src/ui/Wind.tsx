import clsx from 'clsx'
import { line, curveBasis } from 'd3-shape'

const LINES = 30
const STEPS = 48

/** One streamline: lanes that bend together, closer where the wind is stronger. */
function streamline(lane: number): string {
  const at = lane / (LINES - 1)
  const points = Array.from({ length: STEPS }, (_, step): [number, number] => {
    const x = step / (STEPS - 1)
    const bend = Math.sin(x * 3.4 + at * 2.6) * 0.11 + Math.sin(x * 7.3 - at * 4.1) * 0.028
    return [x * 800, (at * 1.25 - 0.12 + bend * (0.6 + at)) * 1000]
  })
  return line().curve(curveBasis)(points) ?? ''
}

const STREAMS = Array.from({ length: LINES }, (_, lane) => streamline(lane))

/** The side of the sign-in page: wind over water, still. */
export function Wind({ className }: { className?: string }) {
  return (
    <aside
      aria-label="About Tradewind"
      className={clsx(
        'relative overflow-hidden bg-linear-160 from-[oklch(0.36_0.075_235)] to-[oklch(0.24_0.05_245)]',
        className,
      )}
    >
      <svg
        viewBox="0 0 800 1000"
        preserveAspectRatio="xMidYMid slice"
        className="absolute inset-0 size-full"
        fill="none"
        aria-hidden
      >
        {STREAMS.map((path, lane) => (
          <path
            key={path}
            d={path}
            stroke="oklch(0.82 0.09 205)"
            strokeOpacity={0.1 + 0.34 * Math.sin((lane / LINES) * Math.PI) ** 2}
            strokeWidth={lane % 5 === 0 ? 2.2 : 1.1}
          />
        ))}
      </svg>
      <p className="absolute inset-x-12 bottom-14 max-w-md text-3xl leading-tight font-semibold tracking-tight text-balance text-white">
        Every channel, every order, one true picture.
      </p>
    </aside>
  )
}
