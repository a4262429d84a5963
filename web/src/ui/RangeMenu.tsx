import clsx from 'clsx'
import { CalendarDays, ChevronDown } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import { addDays, type Day } from '@/lib/dates'
import { DEFAULT_RANGE, PRESETS, periodOf, type Range, rangeLabel, readRange } from '@/lib/period'
import { dayRange } from '@/lib/format'
import { Button } from './Button'
import { Key } from './Key'

type RangeMenuProps = {
  range: Range | null
  today: Day
  firstDay: Day | null
  onChange: (range: Range) => void
  /** Where all days are a choice too: what to call them, and how to get there. */
  all?: { label: string; onChoose: () => void }
}

export function RangeMenu({ range, today, firstDay, onChange, all }: RangeMenuProps) {
  const [open, setOpen] = useState(false)
  const period = periodOf(range ?? DEFAULT_RANGE, today)
  const days = { first: period.from, last: addDays(period.to, -1) }
  const custom = range?.includes('..')
  function choose(next: Range | null) {
    setOpen(false)
    if (next) onChange(next)
    else all?.onChoose()
  }
  const choices = [
    ...(all ? [{ preset: null, label: all.label, key: undefined }] : []),
    ...PRESETS.map((preset) => (all ? { ...preset, key: undefined } : preset)),
  ]
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <Button>
          <CalendarDays size={16} className="text-muted" aria-hidden />
          <span className="num">
            {range === null
              ? all?.label
              : custom
                ? dayRange(days.first, days.last)
                : rangeLabel(range)}
          </span>
          <ChevronDown size={15} className="text-muted" aria-hidden />
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={6}
          collisionPadding={12}
          aria-label="Date range"
          className="z-30 w-72 rounded-xl border border-line bg-card p-1.5 shadow-raised"
        >
          <ul>
            {choices.map(({ preset, label, key }) => (
              <li key={label}>
                <button
                  type="button"
                  aria-current={preset === range || undefined}
                  onClick={() => choose(preset)}
                  className={clsx(
                    'flex h-9 w-full items-center rounded-lg px-3 text-left hover:bg-sunk pointer-coarse:h-11',
                    preset === range && 'bg-accent-soft font-medium text-accent',
                  )}
                >
                  {label}
                  {key && <Key className="ml-auto">{key}</Key>}
                </button>
              </li>
            ))}
          </ul>
          <CustomDays
            key={`${days.first}${days.last}`}
            {...{ days, today, firstDay }}
            onApply={choose}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

type CustomDaysProps = {
  days: { first: Day; last: Day }
  today: Day
  firstDay: Day | null
  onApply: (range: Range) => void
}

function CustomDays({ days, today, firstDay, onApply }: CustomDaysProps) {
  const [first, setFirst] = useState(days.first)
  const [last, setLast] = useState(days.last)
  const range = readRange(`${first}..${last}`)
  const input =
    'num h-9 w-full min-w-0 rounded-lg border border-line bg-paper px-2 text-[0.8125rem] pointer-coarse:h-11 pointer-coarse:text-base'
  return (
    <form
      className="mt-1.5 grid grid-cols-2 gap-2 border-t pointer-coarse:grid-cols-1 border-line p-2 pt-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (range) onApply(range)
      }}
    >
      <label className="min-w-0 text-xs text-muted">
        First day
        <input
          type="date"
          className={input}
          value={first}
          min={firstDay ?? undefined}
          max={today}
          onChange={(event) => setFirst(event.target.value)}
        />
      </label>
      <label className="min-w-0 text-xs text-muted">
        Last day
        <input
          type="date"
          className={input}
          value={last}
          min={firstDay ?? undefined}
          max={today}
          onChange={(event) => setLast(event.target.value)}
        />
      </label>
      <Button type="submit" look="solid" disabled={!range} className="col-span-full">
        Show these days
      </Button>
    </form>
  )
}
