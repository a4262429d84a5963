/** What each figure means, in words; labels, cards and the help page all read it from here. */
import type { Metrics, TrendBucket } from '@/client/api'
import { count, countCompact, money, moneyCompact, moneyParts } from '@/lib/format'
import type { Metric } from './filters'

export type MetricFact = {
  label: string
  about: string
  unit: 'money' | 'count'
  total: (metrics: Metrics) => number | null
  previous: (metrics: Metrics) => number | null
  change: (metrics: Metrics) => number | null
  of: (bucket: TrendBucket) => number | null
  /** The same bucket of the previous period; absent where the API does not tell. */
  before?: (bucket: TrendBucket) => number | null
}

export const METRIC_FACTS: Record<Metric, MetricFact> = {
  revenue: {
    label: 'Revenue',
    about:
      'What sold orders (confirmed, processing, shipped or delivered) brought, without tax and shipping, less refunds, each on its own day.',
    unit: 'money',
    total: (metrics) => metrics.total_revenue,
    previous: (metrics) => metrics.previous.total_revenue,
    change: (metrics) => metrics.change.total_revenue,
    of: (bucket) => bucket.revenue,
    before: (bucket) => bucket.previous_revenue,
  },
  orders: {
    label: 'Orders',
    about:
      'Sold orders, on the day they were placed. Cancelled and pending orders are not among them.',
    unit: 'count',
    total: (metrics) => metrics.total_orders,
    previous: (metrics) => metrics.previous.total_orders,
    change: (metrics) => metrics.change.total_orders,
    of: (bucket) => bucket.orders,
    before: (bucket) => bucket.previous_orders,
  },
  aov: {
    label: 'Average order',
    about:
      'Revenue divided by orders, over the whole period. Without orders it is undefined, not zero.',
    unit: 'money',
    total: (metrics) => metrics.avg_order_value,
    previous: (metrics) => metrics.previous.avg_order_value,
    change: (metrics) => metrics.change.avg_order_value,
    of: (bucket) => bucket.avg_order_value,
    before: ({ previous_revenue: revenue, previous_orders: orders }) =>
      revenue === null || !orders ? null : revenue / orders,
  },
  units: {
    label: 'Units',
    about: 'Pieces in sold orders.',
    unit: 'count',
    total: (metrics) => metrics.total_units,
    previous: (metrics) => metrics.previous.total_units,
    change: (metrics) => metrics.change.total_units,
    of: (bucket) => bucket.units,
  },
}

export function formatter(metric: Metric, currency: string): (value: number | null) => string {
  return METRIC_FACTS[metric].unit === 'money' ? (value) => money(value, currency) : count
}

export function axisFormatter(metric: Metric, currency: string): (value: number) => string {
  return METRIC_FACTS[metric].unit === 'money'
    ? (value) => moneyCompact(value, currency)
    : countCompact
}

/** A figure in two parts, the second to be printed smaller. */
export function figureParts(
  metric: Metric,
  value: number | null,
  currency: string,
): [string, string] {
  return METRIC_FACTS[metric].unit === 'money' ? moneyParts(value, currency) : [count(value), '']
}
