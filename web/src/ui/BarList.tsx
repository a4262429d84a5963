import { type ReactNode } from 'react'

export type Bar = {
  key: string
  label: ReactNode
  note?: ReactNode
  /** What stands at the end of the row. */
  text: ReactNode
  /** What the bar is drawn from, beside the others. */
  size: number
}

/** Rows over bars of their size. */
export function BarList({ bars, label }: { bars: Bar[]; label: string }) {
  const most = Math.max(0, ...bars.map(({ size }) => size))
  return (
    <ul aria-label={label} className="flex flex-1 flex-col px-2 pb-3 sm:px-3">
      {bars.map(({ key, label: name, note, text, size }) => (
        <li
          key={key}
          className="num relative flex max-h-18 min-h-11 flex-1 items-center gap-3 px-2 py-1"
        >
          <span
            aria-hidden
            className="absolute inset-y-0.5 left-0 rounded-md bg-accent-soft"
            style={{ width: `${most > 0 ? Math.max(0, size / most) * 100 : 0}%` }}
          />
          <span className="relative min-w-0 flex-1">
            <span className="block truncate font-medium">{name}</span>
            {note && <span className="block truncate text-xs text-muted">{note}</span>}
          </span>
          <span className="relative text-right">{text}</span>
        </li>
      ))}
    </ul>
  )
}
