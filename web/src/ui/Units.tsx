import { Minus, Plus } from 'lucide-react'

type UnitsProps = {
  label: string
  value: number
  /** None: as many as somebody wants. */
  most?: number
  onChange: (value: number) => void
}

const BUTTON =
  'grid size-9 place-items-center rounded-lg text-muted enabled:hover:bg-sunk enabled:hover:text-ink disabled:opacity-40 pointer-coarse:size-11'

/** So many, or so many of so many. */
export function Units({ label, value, most, onChange }: UnitsProps) {
  const set = (next: number) =>
    onChange(Math.min(most ?? Number.MAX_SAFE_INTEGER, Math.max(0, Math.trunc(next) || 0)))
  return (
    <div role="group" aria-label={label} className="flex items-center">
      <button
        type="button"
        aria-label="One less"
        disabled={value <= 0}
        onClick={() => set(value - 1)}
        className={BUTTON}
      >
        <Minus size={15} aria-hidden />
      </button>
      <input
        inputMode="numeric"
        aria-label={label}
        value={value}
        onChange={(event) => set(Number(event.target.value))}
        onFocus={(event) => event.target.select()}
        className="num h-9 w-12 rounded-lg border border-strong-line bg-card text-center text-base sm:text-sm pointer-coarse:h-11"
      />
      <button
        type="button"
        aria-label="One more"
        disabled={most !== undefined && value >= most}
        onClick={() => set(value + 1)}
        className={BUTTON}
      >
        <Plus size={15} aria-hidden />
      </button>
      {most !== undefined && (
        <span className="num w-12 text-[0.8125rem] text-muted">of {most}</span>
      )}
    </div>
  )
}
