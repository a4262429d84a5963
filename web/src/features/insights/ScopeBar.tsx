import clsx from 'clsx'
import type { Filters } from '@/client/api'
import { channelName } from '@/client/store'
import { localToday } from '@/lib/dates'
import { country } from '@/lib/format'
import type { Choice } from '@/ui/ChoiceList'
import { COMPACT, SelectField } from '@/ui/Field'
import { FilterBar } from '@/ui/FilterBar'
import { RangeMenu } from '@/ui/RangeMenu'
import { type Comparison, type Dimension, rangeOf, type Scope, withoutDimensions } from './filters'

const COMPARISONS: { value: Comparison; label: string }[] = [
  { value: 'previous', label: 'vs period before' },
  { value: 'year', label: 'vs year before' },
  { value: 'none', label: 'Not compared' },
]

const WORDS: Record<'channel' | 'category' | 'country', { one: string; many: string }> = {
  channel: { one: 'Channel', many: 'Channels' },
  category: { one: 'Category', many: 'Categories' },
  country: { one: 'Country', many: 'Countries' },
}

type ScopeBarProps<Search extends Scope> = {
  search: Search
  store: Filters | undefined
  go: (search: Search) => void
  menus: (keyof typeof WORDS)[]
  compares?: boolean
  /** What chips say of values that only the answer can name. */
  named?: (dimension: Dimension, value: string) => string | undefined
}

/** Which days and which sales a report is about. */
export function ScopeBar<Search extends Scope>(props: ScopeBarProps<Search>) {
  const { search, store, go, menus, compares = false, named } = props
  const filters = (Object.keys(CHIPS) as Dimension[]).map((dimension) => ({
    name: dimension,
    menu: isOneOf(dimension, menus)
      ? {
          ...WORDS[dimension],
          choices: choicesOf(dimension, store, search[dimension]),
          loaded: store !== undefined,
        }
      : undefined,
    chosen: search[dimension],
    label: (value: string) => named?.(dimension, value) ?? CHIPS[dimension](value, store),
    onChange: (values: string[]) => go({ ...search, [dimension]: values }),
  }))
  return (
    <FilterBar
      filters={filters}
      extra={(inSheet) =>
        compares && (
          <SelectField
            label="Compare with"
            hideLabel
            className={inSheet ? 'w-full' : clsx('w-40', COMPACT)}
            value={search.compare ?? 'previous'}
            options={COMPARISONS}
            onChange={(compare) => go({ ...search, compare: compare as Search['compare'] })}
          />
        )
      }
      onClear={() => go(withoutDimensions(search))}
    >
      <RangeMenu
        range={rangeOf(search)}
        today={store?.today ?? localToday()}
        firstDay={store?.first_day ?? null}
        onChange={(range) => go({ ...search, range })}
      />
    </FilterBar>
  )
}

type WithMenu = keyof typeof WORDS

function isOneOf(dimension: Dimension, menus: WithMenu[]): dimension is WithMenu {
  return (menus as Dimension[]).includes(dimension)
}

const plain = (value: string) => value || 'Not known'
const CHIPS: Record<Dimension, (value: string, store: Filters | undefined) => string> = {
  channel: channelName,
  category: plain,
  country: (value) => country(value),
  region: plain,
  product: plain,
}

function choicesOf(
  dimension: keyof typeof WORDS,
  store: Filters | undefined,
  chosen: string[] = [],
): Choice[] {
  const listed = {
    channel: store?.channels.map(({ channel }) => channel),
    category: store?.categories,
    country: store?.countries,
  }[dimension]
  const values = [...new Set([...(listed ?? []), ...chosen])]
  return values
    .map((value) => ({ value, label: CHIPS[dimension](value, store) }))
    .sort((one, other) => one.label.localeCompare(other.label))
}
