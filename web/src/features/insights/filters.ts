/**
 * What the reports show: the address, and nothing else. Names are those of the API and of the dashboard,
 * so that a range and its filters go along from one page to the next.
 */
import type { Day } from '@/lib/dates'
import { DEFAULT_RANGE, type Grain, periodOf, type Range, readRange } from '@/lib/period'
import { readKnown, readList, readText } from '@/lib/search'

export const DIMENSIONS = ['channel', 'category', 'country', 'region', 'product'] as const
export type Dimension = (typeof DIMENSIONS)[number]
export const COMPARISONS = ['previous', 'year', 'none'] as const
export type Comparison = (typeof COMPARISONS)[number]

/** Which days and which sales. Everything absent has its default. */
export type Scope = {
  range?: Range
  compare?: Exclude<Comparison, 'previous'>
} & Partial<Record<Dimension, string[]>>

export const GROUPINGS = ['channel', 'product', 'category', 'country', 'region'] as const
export type Grouping = (typeof GROUPINGS)[number]
export const TREND_METRICS = [
  'revenue',
  'orders',
  'units',
  'average_order_value',
  'gross_profit',
] as const
export type TrendMetric = (typeof TREND_METRICS)[number]

export type SalesSearch = Scope & {
  grain?: Grain
  metric?: TrendMetric
  by?: Grouping
  order?: 'worst'
}

const RFM_VIEWS = ['customers', 'revenue'] as const
export type RfmView = (typeof RFM_VIEWS)[number]
const COHORT_VIEWS = ['retention', 'revenue'] as const
export type CohortView = (typeof COHORT_VIEWS)[number]

/** Channels are those of the first order. */
export type CustomersSearch = Pick<Scope, 'range' | 'channel' | 'country'> & {
  rfm?: RfmView
  cohorts?: CohortView
}

export const PRODUCT_ORDERS = ['best', 'worst', 'velocity', 'health', 'margin'] as const
export type ProductOrder = (typeof PRODUCT_ORDERS)[number]
export const PRODUCT_FILTERS = ['performance', 'stock_level', 'life_cycle'] as const
export type ProductFilter = (typeof PRODUCT_FILTERS)[number]

export type PerformanceSearch = { order?: ProductOrder; category?: string[]; q?: string } & Partial<
  Record<ProductFilter, string[]>
>

export const HORIZONS = ['30', '60', '90'] as const
export type Horizon = (typeof HORIZONS)[number]

/** Of one product, of a category, or of all; on one channel or all. */
export type ForecastSearch = {
  product?: string
  category?: string
  channel?: string
  days?: Exclude<Horizon, '30'>
}

export const PLAN_VIEWS = ['order', 'move', 'classes'] as const
export type PlanView = (typeof PLAN_VIEWS)[number]

/** Of the purchase list: whose lines and where. Of the classes: which products. */
export type PlanningSearch = {
  view?: Exclude<PlanView, 'order'>
  supplier?: string
  location?: string
  channel?: string
  abc?: 'A' | 'B' | 'C'
  xyz?: 'X' | 'Y' | 'Z' | 'none'
  pace?: 'dead' | 'slow' | 'moving' | 'new'
}

type Typed = Record<string, unknown>

/** Reads an address that anybody may have typed: what makes no sense is left out, and so are defaults. */
function readScope(search: Typed): Scope {
  const range = readRange(search.range)
  const compare = oneOf(search.compare, COMPARISONS, 'previous')
  const scope: Scope = {
    ...(range && range !== DEFAULT_RANGE && { range }),
    ...(compare && { compare }),
  }
  for (const dimension of DIMENSIONS) {
    const values = readList(search[dimension])
    if (values.length > 0) scope[dimension] = values
  }
  return scope
}

export function readSalesSearch(search: Typed): SalesSearch {
  const grain = oneOf<Grain>(search.grain, ['day', 'week', 'month'])
  const metric = oneOf(search.metric, TREND_METRICS, 'revenue')
  const by = oneOf(search.by, GROUPINGS, 'channel')
  return {
    ...readScope(search),
    ...(grain && { grain }),
    ...(metric && { metric }),
    ...(by && { by }),
    ...(search.order === 'worst' && { order: 'worst' }),
  }
}

export function readCustomersSearch(search: Typed): CustomersSearch {
  const rfm = oneOf(search.rfm, RFM_VIEWS, 'customers')
  const cohorts = oneOf(search.cohorts, COHORT_VIEWS, 'retention')
  const { range, channel, country } = readScope(search)
  return {
    ...(range && { range }),
    ...(channel && { channel }),
    ...(country && { country }),
    ...(rfm && { rfm }),
    ...(cohorts && { cohorts }),
  }
}

export function readPerformanceSearch(search: Typed): PerformanceSearch {
  const order = oneOf(search.order, PRODUCT_ORDERS, 'best')
  const category = readList(search.category)
  const q = readText(search.q)
  const chosen: Partial<Record<ProductFilter, string[]>> = {}
  for (const filter of PRODUCT_FILTERS) {
    const values = readKnown(search[filter], BANDS[filter])
    if (values.length > 0) chosen[filter] = values
  }
  return {
    ...(order && { order }),
    ...(category.length > 0 && { category }),
    ...(q && { q }),
    ...chosen,
  }
}

export function readForecastSearch(search: Typed): ForecastSearch {
  const days = oneOf(search.days === undefined ? undefined : String(search.days), HORIZONS, '30')
  const product = readText(search.product)
  const category = product ? undefined : readText(search.category)
  // A category is forecast over all channels.
  const channel = category ? undefined : readText(search.channel)
  return {
    ...(product && { product }),
    ...(category && { category }),
    ...(channel && { channel }),
    ...(days && { days }),
  }
}

export function readPlanningSearch(search: Typed): PlanningSearch {
  const view = oneOf(search.view, PLAN_VIEWS, 'order')
  if (view === 'classes') {
    const pace = oneOf(search.pace, ['dead', 'slow', 'moving', 'new'] as const)
    if (pace) return { view, pace }
    const abc = oneOf(search.abc, ['A', 'B', 'C'] as const)
    const xyz = oneOf(search.xyz, ['X', 'Y', 'Z', 'none'] as const)
    return { view, ...(abc && { abc }), ...(xyz && { xyz }) }
  }
  if (view) return { view }
  const supplier = readText(search.supplier)
  const location = readText(search.location)
  const channel = readText(search.channel)
  return {
    ...(supplier && { supplier }),
    ...(location && { location }),
    ...(channel && { channel }),
  }
}

/** The bands that products are sorted into, in their natural order. */
export const BANDS: Record<ProductFilter, readonly string[]> = {
  performance: ['Best Seller', 'Good', 'Moderate', 'Poor', 'No Sales'],
  stock_level: ['Out of Stock', 'Critical', 'Low', 'Normal', 'Overstock'],
  life_cycle: ['New Launch', 'Current', 'Mature', 'Legacy'],
}

/** The word, when it is one of these and not what is meant anyway. */
function oneOf<Word extends string>(value: unknown, words: readonly Word[]): Word | undefined
function oneOf<Word extends string, Default extends Word>(
  value: unknown,
  words: readonly Word[],
  usual: Default,
): Exclude<Word, Default> | undefined
function oneOf<Word extends string>(value: unknown, words: readonly Word[], usual?: Word) {
  const word = words.find((one) => one === value)
  return word === usual ? undefined : word
}

export type ScopeParams = {
  from?: Day
  to?: Day
  compare: Comparison
} & Partial<Record<Dimension, string[]>>

export function rangeOf(search: Pick<Scope, 'range'>): Range {
  return search.range ?? DEFAULT_RANGE
}

/** What the API is asked. No `from` and `to` means the server's default, the last 30 days by its own clock. */
export function scopeParams(search: Scope, today: Day): ScopeParams {
  const range = rangeOf(search)
  const chosen = Object.fromEntries(
    DIMENSIONS.flatMap((dimension) =>
      search[dimension] ? [[dimension, search[dimension]] as const] : [],
    ),
  )
  return {
    ...(range === DEFAULT_RANGE ? {} : periodOf(range, today)),
    compare: search.compare ?? 'previous',
    ...chosen,
  }
}

export function withoutDimensions<Search extends Scope>(search: Search): Search {
  return Object.assign(
    { ...search },
    Object.fromEntries(DIMENSIONS.map((dimension) => [dimension, undefined])),
  )
}

/** Of a file that holds a list: `sales-by-channel-2026-10-01..2026-10-31.csv`. */
export function fileName(...parts: (string | string[] | undefined)[]): string {
  const words = parts.flat().filter(Boolean) as string[]
  return `${words
    .map((word) => word.replaceAll(/[^\w.-]+/g, '-'))
    .join('-')
    .slice(0, 120)}.csv`
}
