import { Search } from 'lucide-react'
import { forwardRef, useEffect, useRef, useState } from 'react'
import { useLater } from '@/lib/useLater'
import { Key } from './Key'

type SearchFieldProps = {
  label: string
  placeholder: string
  value: string
  /** Told once typing rests for a moment. */
  onChange: (value: string) => void
  className?: string
}

export const SearchField = forwardRef<HTMLInputElement, SearchFieldProps>(function SearchField(
  { label, placeholder, value, onChange, className },
  ref,
) {
  const [typed, setTyped] = useState(value)
  const [told, setTold] = useState(value)
  // Changed from outside: by Back, or by clearing the filters.
  if (value !== told) {
    setTold(value)
    setTyped(value)
  }
  const settled = useLater(typed, 300)
  const latest = useRef(onChange)
  useEffect(() => {
    latest.current = onChange
  })
  useEffect(() => {
    if (settled === typed && settled !== told) {
      setTold(settled)
      latest.current(settled)
    }
  }, [settled, typed, told])
  return (
    <label
      className={`flex h-9 min-w-0 items-center gap-2 rounded-lg border border-line bg-card px-3 text-muted shadow-card focus-within:border-accent pointer-coarse:h-11 ${className ?? ''}`}
    >
      <Search size={16} aria-hidden className="shrink-0" />
      <input
        ref={ref}
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            setTold(typed)
            onChange(typed)
          }
        }}
        className="min-w-0 flex-1 bg-transparent text-base text-ink outline-none placeholder:text-muted sm:text-sm"
      />
      <Key>/</Key>
    </label>
  )
})
