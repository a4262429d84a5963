import type { ReactNode } from 'react'
import { toggledIn } from '@/lib/search'
import type { Choice } from './ChoiceList'
import { FilterChips } from './FilterChips'
import { FilterMenus } from './FilterMenus'

export type BarFilter = {
  name: string
  /** What can be chosen. A filter without a menu came from elsewhere, and is only taken away here. */
  menu?: { one: string; many: string; choices: Choice[]; loaded: boolean }
  chosen: string[] | undefined
  /** What its chips say. */
  label?: (value: string) => string
  onChange: (values: string[]) => void
}

type FilterBarProps = {
  /** What comes first: a search field, or the days. */
  children: ReactNode
  filters: BarFilter[]
  /** Beside the menus, and on top of the phone's sheet. */
  extra?: (inSheet: boolean) => ReactNode
  onClear: () => void
}

/** What a page is narrowed to: menus to choose from, and below them a chip for everything that is chosen. */
export function FilterBar({ children, filters, extra, onClear }: FilterBarProps) {
  const menus = filters.flatMap(({ menu, chosen = [], onChange }) =>
    menu
      ? {
          ...menu,
          chosen,
          onToggle: (value: string) => onChange(toggledIn(chosen, value)),
          onClear: () => onChange([]),
        }
      : [],
  )
  const chips = filters.flatMap(({ name, chosen = [], label, onChange }) =>
    chosen.map((value) => ({
      key: `${name} ${value}`,
      label: label?.(value) ?? value,
      onRemove: () => onChange(toggledIn(chosen, value)),
    })),
  )
  return (
    <div className="flex flex-wrap items-center gap-2">
      {children}
      <FilterMenus menus={menus} extra={extra} onClear={onClear} />
      <FilterChips chips={chips} onClear={onClear} />
    </div>
  )
}
