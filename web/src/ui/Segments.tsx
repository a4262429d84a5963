import clsx from 'clsx'

type SegmentsProps<T extends string> = {
  label: string
  options: { value: T; label: string; disabled?: boolean }[]
  value: T
  onChange: (value: T) => void
  className?: string
}

/** One of a few, all in sight. */
export function Segments<T extends string>(props: SegmentsProps<T>) {
  const { label, options, value, onChange, className } = props
  return (
    <div
      role="group"
      aria-label={label}
      className={clsx('inline-flex rounded-lg bg-sunk p-0.5', className)}
    >
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          disabled={option.disabled && option.value !== value}
          onClick={() => onChange(option.value)}
          className="h-7 flex-1 rounded-md whitespace-nowrap px-2.5 text-[0.8125rem] font-medium text-muted enabled:hover:text-ink disabled:opacity-45 aria-pressed:bg-card aria-pressed:text-ink aria-pressed:shadow-card dark:aria-pressed:bg-strong-line pointer-coarse:h-10"
        >
          {option.label}
        </button>
      ))}
    </div>
  )
}
