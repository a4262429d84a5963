type VersusProps = { now: number | null; before: number | null }

/** One value beside another, where a single bucket leaves no line to draw. */
export function Versus({ now, before }: VersusProps) {
  const most = Math.max(now ?? 0, before ?? 0)
  const width = (value: number) => `${most > 0 ? Math.max(0, value / most) * 100 : 0}%`
  return (
    <span className="flex h-11 flex-col justify-center gap-1.5" aria-hidden>
      <span className="h-2.5 rounded-full bg-sunk">
        <span className="block h-full rounded-full bg-accent" style={{ width: width(now ?? 0) }} />
      </span>
      {before !== null && (
        <span
          className="box-border h-2.5 rounded-full border border-dashed border-muted"
          style={{ width: width(before) }}
        />
      )}
    </span>
  )
}
