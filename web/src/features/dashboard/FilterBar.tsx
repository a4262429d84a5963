import { GitCompareArrows, SlidersHorizontal } from 'lucide-react'
import { useState } from 'react'
import type { Filters } from '@/client/api'
import type { Day } from '@/lib/dates'
import { Button } from '@/ui/Button'
import { ChoiceList } from '@/ui/ChoiceList'
import { ChoiceMenu, Chosen } from '@/ui/ChoiceMenu'
import { FilterChips } from '@/ui/FilterChips'
import { Key } from '@/ui/Key'
import { RangeMenu } from '@/ui/RangeMenu'
import { Sheet } from '@/ui/Sheet'
import { choicesOf, DIMENSION_WORDS, labelOf } from './choices'
import { type Dimension, DIMENSIONS, filterCount, rangeOf } from './filters'
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
  return (
    <ChoiceMenu
      {...DIMENSION_WORDS[dimension]}
      choices={choicesOf(dimension, filters, chosen)}
      chosen={chosen}
      loaded={filters !== undefined}
      onToggle={(value) => toggle(dimension, value)}
      onClear={() => clear(dimension)}
    />
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
        {count > 0 && <Chosen count={count} />}
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

function Chips({ steering, filters }: Omit<FilterBarProps, 'today'>) {
  const { search, toggle, clear } = steering
  const chips = DIMENSIONS.flatMap((dimension) =>
    (search[dimension] ?? []).map((value) => ({
      key: `${dimension} ${value}`,
      label: labelOf(dimension, value, filters),
      onRemove: () => toggle(dimension, value),
    })),
  )
  return <FilterChips chips={chips} onClear={() => clear()} />
}
