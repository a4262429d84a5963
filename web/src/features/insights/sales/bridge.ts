import type { BridgeStep } from '@/client/api'

export type BridgeBar = BridgeStep & {
  /** Where its bar begins and ends, as shares of the lane. */
  from: number
  to: number
}

/** A waterfall: totals stand on the ground, steps hang where the one before has left off. */
export function bridgeBars(steps: BridgeStep[]): BridgeBar[] {
  let at = 0
  const spans = steps.map((step) => {
    const start = step.kind === 'step' ? at : 0
    at = step.kind === 'step' ? at + step.amount : step.amount
    return { step, low: Math.min(start, at), high: Math.max(start, at) }
  })
  const low = Math.min(0, ...spans.map((span) => span.low))
  const high = Math.max(0, ...spans.map((span) => span.high))
  const share = (value: number) => (high === low ? 0 : (value - low) / (high - low))
  return spans.map(({ step, ...span }) => ({
    ...step,
    from: share(span.low),
    to: share(span.high),
  }))
}

export type BridgePath = { to: string; label: string; steps: BridgeStep[] }

/**
 * The ways from gross revenue to each of the others. The API tells them leg by leg; a leg that starts where
 * an earlier one has passed gets the way to there in front.
 */
export function bridgePaths(steps: BridgeStep[]): BridgePath[] {
  const legs = steps.reduce<BridgeStep[][]>((found, step) => {
    if (step.kind === 'start') found.push([])
    found.at(-1)?.push(step)
    return found
  }, [])
  const [first = []] = legs
  return legs.flatMap((leg) => {
    const [start, ...rest] = leg
    const last = rest.at(-1)
    if (!start || !last) return []
    const passed = first.findIndex(({ slug, kind }) => slug === start.slug && kind === 'total')
    const way = leg === first || passed < 0 ? leg : [...first.slice(0, passed + 1), ...rest]
    return [{ to: last.slug, label: last.label, steps: way }]
  })
}
