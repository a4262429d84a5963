import { ChevronDown, GitCompareArrows, SlidersHorizontal, X } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import type { Filters } from '@/client/api'
import type { Day } from '@/lib/dates'
import { Button } from '@/ui/Button'
import { Key } from '@/ui/Key'
import { Sheet } from '@/ui/Sheet'
import { ChoiceList } from './ChoiceList'
import { choicesOf, DIMENSION_WORDS, labelOf } from './choices'
import { type Dimension, DIMENSIONS, filterCount, rangeOf } from './filters'
import { RangeMenu } from './RangeMenu'
import type { Steering } from './useDashboard'

type FilterBarProps = { steering: Steering; filters: Filters | undefined; today: Day }

export function FilterBar({ steering, filters, today }: FilterBarProps) {
  const { search, setRange } = steering
  return (
    <div className="flex flex-wrap items-center gap-2">
      <RangeMenu
        range={rangeOf(search)}
        today={today}
        firstDay={filters?.first_day ?? null}
        onChange={setRange}
      />
      <div className="hidden flex-wrap items-center gap-2 sm:flex">
        {DIMENSIONS.map((dimension) => (
          <DimensionMenu key={dimension} {...{ dimension, filters, steering }} />
        ))}
        <CompareButton steering={steering} />
      </div>
      <PhoneFilters steering={steering} filters={filters} />
      <Chips steering={steering} filters={filters} />
    </div>
  )
}

type DimensionMenuProps = {
  dimension: Dimension
  filters: Filters | undefined
  steering: Steering
}

function DimensionMenu({ dimension, filters, steering }: DimensionMenuProps) {
  const { search, toggle, clear } = steering
  const chosen = search[dimension] ?? []
  const words = DIMENSION_WORDS[dimension]
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button>
          {words.one}
          {chosen.length > 0 && (
            <span className="num grid h-5 min-w-5 place-items-center rounded-full bg-accent px-1 text-xs text-on-accent">
              {chosen.length}
              <span className="sr-only"> chosen</span>
            </span>
          )}
          <ChevronDown size={15} className="text-muted" aria-hidden />
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={6}
          collisionPadding={12}
          aria-label={words.many}
          className="z-30 w-64 rounded-xl border border-line bg-card p-1.5 shadow-raised"
        >
          <ChoiceList
            legend={words.many}
            choices={choicesOf(dimension, filters, chosen)}
            chosen={chosen}
            loaded={filters !== undefined}
            onToggle={(value) => toggle(dimension, value)}
          />
          {chosen.length > 0 && (
            <Button look="plain" className="mt-1 w-full" onClick={() => clear(dimension)}>
              All {words.many.toLowerCase()}
            </Button>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function CompareButton({ steering, className }: { steering: Steering; className?: string }) {
  const comparing = steering.search.compare !== 'none'
  return (
    <Button
      aria-pressed={comparing}
      onClick={steering.toggleCompare}
      title="Compare with the period before"
      className={`aria-pressed:text-accent ${className ?? ''}`}
    >
      <GitCompareArrows size={16} aria-hidden />
      Compare
      <Key>X</Key>
    </Button>
  )
}

function PhoneFilters({ steering, filters }: Omit<FilterBarProps, 'today'>) {
  const [open, setOpen] = useState(false)
  const { search, toggle, clear } = steering
  const count = filterCount(search)
  return (
    <>
      <Button className="sm:hidden" onClick={() => setOpen(true)}>
        <SlidersHorizontal size={16} className="text-muted" aria-hidden />
        Filters
        {count > 0 && (
          <span className="num grid h-5 min-w-5 place-items-center rounded-full bg-accent px-1 text-xs text-on-accent">
            {count}
            <span className="sr-only"> chosen</span>
          </span>
        )}
      </Button>
      <Sheet title="Filters" open={open} onClose={() => setOpen(false)}>
        <div className="space-y-5 p-4">
          <CompareButton steering={steering} className="w-full" />
          {DIMENSIONS.map((dimension) => {
            const chosen = search[dimension] ?? []
            const { many } = DIMENSION_WORDS[dimension]
            return (
              <div key={dimension}>
                <h3 className="mb-1 px-3 text-[0.8125rem] font-medium text-muted">{many}</h3>
                <ChoiceList
                  legend={many}
                  choices={choicesOf(dimension, filters, chosen)}
                  chosen={chosen}
                  loaded={filters !== undefined}
                  onToggle={(value) => toggle(dimension, value)}
                />
              </div>
            )
          })}
        </div>
        <div className="sticky bottom-0 flex gap-2 border-t border-line bg-card p-4">
          <Button className="flex-1" disabled={count === 0} onClick={() => clear()}>
            Clear
          </Button>
          <Button look="solid" className="flex-1" onClick={() => setOpen(false)}>
            Done
          </Button>
        </div>
      </Sheet>
    </>
  )
}

/** What is filtered by, each with its own way out. */
function Chips({ steering, filters }: Omit<FilterBarProps, 'today'>) {
  const { search, toggle, clear } = steering
  if (filterCount(search) === 0) return null
  return (
    <div className="flex w-full flex-wrap items-center gap-1.5">
      {DIMENSIONS.flatMap((dimension) =>
        (search[dimension] ?? []).map((value) => {
          const label = labelOf(dimension, value, filters)
          return (
            <button
              key={`${dimension} ${value}`}
              type="button"
              aria-label={`Stop filtering by ${label}`}
              onClick={() => toggle(dimension, value)}
              className="inline-flex h-7 max-w-full items-center gap-1.5 rounded-full bg-accent-soft pr-2 pl-3 text-[0.8125rem] font-medium text-accent hover:brightness-95 pointer-coarse:h-9"
            >
              <span className="truncate">{label}</span>
              <X size={14} aria-hidden />
            </button>
          )
        }),
      )}
      <button
        type="button"
        onClick={() => clear()}
        className="inline-flex h-7 items-center gap-1.5 rounded-full px-2 text-[0.8125rem] text-muted hover:text-ink pointer-coarse:h-9"
      >
        Clear <Key>Esc</Key>
      </button>
    </div>
  )
}
