import { GitCompareArrows } from 'lucide-react'
import type { Filters } from '@/client/api'
import type { Day } from '@/lib/dates'
import { Button } from '@/ui/Button'
import { FilterBar as Bar } from '@/ui/FilterBar'
import { Key } from '@/ui/Key'
import { RangeMenu } from '@/ui/RangeMenu'
import { choicesOf, DIMENSION_WORDS, labelOf } from './choices'
import { DIMENSIONS, rangeOf } from './filters'
import type { Steering } from './useDashboard'

type FilterBarProps = { steering: Steering; filters: Filters | undefined; today: Day }

export function FilterBar({ steering, filters, today }: FilterBarProps) {
  const { search, setRange, setChosen, clear } = steering
  return (
    <Bar
      filters={DIMENSIONS.map((dimension) => ({
        name: dimension,
        menu: {
          ...DIMENSION_WORDS[dimension],
          choices: choicesOf(dimension, filters, search[dimension]),
          loaded: filters !== undefined,
        },
        chosen: search[dimension],
        label: (value) => labelOf(dimension, value, filters),
        onChange: (values) => setChosen(dimension, values),
      }))}
      extra={(inSheet) => <CompareButton steering={steering} className={inSheet ? 'w-full' : ''} />}
      onClear={clear}
    >
      <RangeMenu
        range={rangeOf(search)}
        today={today}
        firstDay={filters?.first_day ?? null}
        onChange={setRange}
      />
    </Bar>
  )
}

function CompareButton({ steering, className }: { steering: Steering; className: string }) {
  const comparing = steering.search.compare !== 'none'
  return (
    <Button
      aria-pressed={comparing}
      onClick={steering.toggleCompare}
      title="Compare with the period before"
      className={`aria-pressed:text-accent ${className}`}
    >
      <GitCompareArrows size={16} aria-hidden />
      Compare
      <Key>X</Key>
    </Button>
  )
}
