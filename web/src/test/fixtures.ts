/** Documents as the API sends them, complete and plausible; a test overrides what it is about. */
import type { Filters, Metrics, TrendBucket } from '@/client/api'
import { addDays } from '@/lib/dates'

export function someBucket(changes: Partial<TrendBucket> = {}): TrendBucket {
  return {
    start: '2026-10-23',
    end: '2026-10-24',
    revenue: 4000,
    orders: 40,
    units: 85,
    avg_order_value: 100,
    previous_revenue: 3500,
    previous_orders: 35,
    is_partial: false,
    ...changes,
  }
}

export function someTrend(): TrendBucket[] {
  return Array.from({ length: 30 }, (_, index) =>
    someBucket({
      start: addDays('2026-10-23', index),
      end: addDays('2026-10-24', index),
      revenue: 4000 + index,
      is_partial: index === 29,
    }),
  )
}

export function someMetrics(changes: Partial<Metrics> = {}): Metrics {
  return {
    period: 'last_30_days',
    from: '2026-10-23',
    to: '2026-11-22',
    timezone: 'Europe/Berlin',
    grain: 'day',
    currency: 'EUR',
    total_revenue: 125430.5,
    total_orders: 1247,
    avg_order_value: 100.59,
    total_units: 2650,
    gross_revenue: 128120.75,
    refunded: 2690.25,
    revenue_by_channel: { amazon: 65000, shopify: 45000, walmart: 15430.5 },
    channels: [
      {
        channel: 'amazon',
        name: 'Amazon',
        revenue: 65000,
        orders: 650,
        units: 1300,
        previous_revenue: 60000,
        previous_orders: 610,
      },
      {
        channel: 'shopify',
        name: 'Shopify',
        revenue: 45000,
        orders: 440,
        units: 980,
        previous_revenue: 50000,
        previous_orders: 480,
      },
      {
        channel: 'walmart',
        name: 'Walmart',
        revenue: 15430.5,
        orders: 157,
        units: 370,
        previous_revenue: 0,
        previous_orders: 0,
      },
    ],
    top_products: [
      {
        product_id: 'p1',
        sku: 'TW-1000',
        name: 'Cast-iron skillet',
        category: 'Home & Kitchen',
        revenue: 15000.5,
        units_sold: 300,
        orders: 280,
        previous_revenue: 12000,
      },
    ],
    countries: [{ country: 'DE', revenue: 60000, orders: 600 }],
    low_stock_alerts: 12,
    low_stock: [
      {
        product_id: 'p3',
        sku: 'TW-1074',
        name: 'Wooden train set',
        location: 'Hamburg',
        available: 0,
        reorder_point: 40,
        severity: 'critical',
      },
    ],
    previous: {
      from: '2026-09-23',
      to: '2026-10-23',
      partial: true,
      total_revenue: 111830.2,
      total_orders: 1100,
      avg_order_value: 101.66,
      total_units: 2500,
    },
    change: {
      total_revenue: 0.1216,
      total_orders: 0.1336,
      avg_order_value: -0.0105,
      total_units: 0.06,
    },
    trend: someTrend(),
    unconverted: [],
    freshness: {
      newest_fact_at: '2026-11-21T10:00:00Z',
      age_seconds: 1.2,
      backlog: 0,
      sources: [{ channel: 'amazon', newest_fact_at: '2026-11-21T10:00:00Z', age_seconds: 1.2 }],
    },
    data_version: 1234,
    as_of: '2026-11-21T10:00:01Z',
    ...changes,
  }
}

export function noSales(changes: Partial<Metrics> = {}): Metrics {
  return someMetrics({
    total_revenue: 0,
    total_orders: 0,
    avg_order_value: null,
    total_units: 0,
    gross_revenue: 0,
    refunded: 0,
    channels: [],
    top_products: [],
    countries: [],
    change: { total_revenue: -1, total_orders: -1, avg_order_value: null, total_units: -1 },
    trend: someTrend().map((row) => ({
      ...row,
      revenue: 0,
      orders: 0,
      units: 0,
      avg_order_value: null,
    })),
    ...changes,
  })
}

export function someFilters(changes: Partial<Filters> = {}): Filters {
  return {
    channels: [
      { channel: 'amazon', name: 'Amazon' },
      { channel: 'shopify', name: 'Shopify' },
      { channel: 'walmart', name: 'Walmart' },
    ],
    categories: ['Home & Kitchen', 'Toys'],
    countries: ['DE', 'FR'],
    currency: 'EUR',
    timezone: 'Europe/Berlin',
    first_day: '2024-11-21',
    today: '2026-11-21',
    ...changes,
  }
}
