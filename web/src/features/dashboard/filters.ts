/**
 * The dashboard's state, which is the address and nothing else. Names are those of the API and the
 * command line. Only what differs from the default is kept, so a plain dashboard has a plain address.
 */
import type { Day } from '@/lib/dates'
import { DEFAULT_RANGE, type Grain, grainOf, periodOf, type Range, readRange } from '@/lib/period'
import { readList } from '@/lib/search'

export const DIMENSIONS = ['channel', 'category', 'country'] as const
export type Dimension = (typeof DIMENSIONS)[number]
export const METRICS = ['revenue', 'orders', 'aov', 'units'] as const
export type Metric = (typeof METRICS)[number]

/** What stands in the address; everything absent has its default. */
export type DashboardSearch = {
  range?: Range
  grain?: Grain
  compare?: 'none'
  metric?: Metric
} & Partial<Record<Dimension, string[]>>

/** What the API is asked. No `from` and `to` means the server's default, the last 30 days. */
export type MetricsParams = {
  from?: Day
  to?: Day
  grain: Grain
  channel: string[]
  category: string[]
  country: string[]
}

const GRAINS: readonly string[] = ['day', 'week', 'month'] satisfies Grain[]

/** Reads an address that anybody may have typed: what makes no sense falls back to the default. */
export function readDashboardSearch(search: Record<string, unknown>): DashboardSearch {
  const state: DashboardSearch = {}
  const range = readRange(search.range)
  if (range && range !== DEFAULT_RANGE) state.range = range
  if (typeof search.grain === 'string' && GRAINS.includes(search.grain)) {
    state.grain = search.grain as Grain
  }
  if (search.compare === 'none') state.compare = 'none'
  const metric = METRICS.find((name) => name === search.metric)
  if (metric && metric !== 'revenue') state.metric = metric
  for (const dimension of DIMENSIONS) {
    const values = readList(search[dimension])
    if (values.length > 0) state[dimension] = values
  }
  return state
}

export function rangeOf(search: DashboardSearch): Range {
  return search.range ?? DEFAULT_RANGE
}

export function toParams(search: DashboardSearch, today: Day): MetricsParams {
  const range = rangeOf(search)
  const period = periodOf(range, today)
  return {
    // The server cuts its default period in its own zone, also when midnight passes.
    ...(range === DEFAULT_RANGE ? {} : period),
    grain: grainOf(search.grain, period),
    channel: search.channel ?? [],
    category: search.category ?? [],
    country: search.country ?? [],
  }
}

export function toggled(
  search: DashboardSearch,
  dimension: Dimension,
  value: string,
): DashboardSearch {
  const now = search[dimension] ?? []
  const next = now.includes(value) ? now.filter((item) => item !== value) : [...now, value]
  return readDashboardSearch({ ...search, [dimension]: next })
}

export function filterCount(search: DashboardSearch): number {
  return DIMENSIONS.reduce((sum, dimension) => sum + (search[dimension]?.length ?? 0), 0)
}

/** Without channel, category and country; range and the rest stay. */
export function withoutFilters(search: DashboardSearch): DashboardSearch {
  return { ...search, channel: undefined, category: undefined, country: undefined }
}
