import { X } from 'lucide-react'
import { Key } from './Key'

export type Chip = { key: string; label: string; onRemove: () => void }

/** What is filtered by, each with its own way out. */
export function FilterChips({ chips, onClear }: { chips: Chip[]; onClear: () => void }) {
  if (chips.length === 0) return null
  return (
    <div className="flex w-full flex-wrap items-center gap-1.5">
      {chips.map(({ key, label, onRemove }) => (
        <button
          key={key}
          type="button"
          aria-label={`Stop filtering by ${label}`}
          onClick={onRemove}
          className="inline-flex h-7 max-w-full items-center gap-1.5 rounded-full bg-accent-soft pr-2 pl-3 text-[0.8125rem] font-medium text-accent hover:brightness-95 pointer-coarse:h-9"
        >
          <span className="truncate">{label}</span>
          <X size={14} aria-hidden />
        </button>
      ))}
      <button
        type="button"
        onClick={onClear}
        className="inline-flex h-7 items-center gap-1.5 rounded-full px-2 text-[0.8125rem] text-muted hover:text-ink pointer-coarse:h-9"
      >
        Clear <Key>Esc</Key>
      </button>
    </div>
  )
}
