/** Answers of the insights, complete and plausible; a test overrides what it is about. */
import type {
  CohortsAnswer,
  CustomersAnswer,
  ExplainAnswer,
  MetricInfo,
  ProductPerformance,
  ProductsAnswer,
  RevenueAnswer,
  RevenueRow,
  SalesFigures,
} from '@/client/api'
import { addDays } from '@/lib/dates'

const AS_OF = '2026-11-21T10:00:00Z'
const explain = (slug: string, query = 'from=2026-10-23&to=2026-11-22') =>
  `/api/v1/explain/${slug}?${query}`
const links = (...slugs: string[]) => Object.fromEntries(slugs.map((slug) => [slug, explain(slug)]))

export function someMetric(changes: Partial<MetricInfo> = {}): MetricInfo {
  return {
    slug: 'revenue',
    label: 'Revenue',
    unit: 'money',
    formula: 'gross revenue − refunded',
    adds_up: 'flow',
    description: 'By the day of the order, refunds by their own day.',
    undefined_when: null,
    computed_in: ['live_sales'],
    owner: 'sales',
    better: 'higher',
    bridges_from: null,
    filters: ['channel'],
    explain: '/api/v1/explain/revenue',
    ...changes,
  }
}

export const CATALOGUE = [
  someMetric(),
  someMetric({ slug: 'orders', label: 'Orders', unit: 'count', formula: 'number of sold orders' }),
  someMetric({
    slug: 'margin',
    label: 'Gross margin',
    unit: 'fraction',
    formula: 'profit ÷ revenue',
  }),
  someMetric({
    slug: 'customers',
    label: 'Customers',
    unit: 'count',
    formula: 'number of customers',
  }),
  someMetric({ slug: 'retention', label: 'Retention', unit: 'fraction', formula: 'back ÷ all' }),
  someMetric({ slug: 'velocity', label: 'Velocity', unit: 'per_day', formula: 'units ÷ days' }),
]

export function someSales(changes: Partial<SalesFigures> = {}): SalesFigures {
  return {
    gross_revenue: 1050,
    refunded: 50,
    revenue: 1000,
    orders: 20,
    units: 45,
    average_order_value: 50,
    cost: 600,
    gross_profit: 400,
    margin: 0.4,
    cost_coverage: 1,
    ...changes,
  }
}

export function someRevenueRow(changes: Partial<RevenueRow> = {}): RevenueRow {
  return {
    ...someSales(),
    keys: { channel: 'amazon' },
    label: 'Amazon',
    from: '2026-10-23',
    to: '2026-11-22',
    previous: someSales({ revenue: 800 }),
    explain: explain('{metric}', 'from=2026-10-23&to=2026-11-22&channel=amazon'),
    ...changes,
  }
}

export function someDays(): RevenueRow[] {
  return Array.from({ length: 30 }, (_, index) => {
    const day = addDays('2026-10-23', index)
    return someRevenueRow({
      keys: { day },
      label: day,
      from: day,
      to: addDays(day, 1),
      ...someSales({ revenue: 30 + index }),
    })
  })
}

export function someRevenue(changes: Partial<RevenueAnswer> = {}): RevenueAnswer {
  return {
    name: 'last_30_days',
    period: { from: '2026-10-23', to: '2026-11-22' },
    previous_period: { from: '2026-09-23', to: '2026-10-23', partial: true },
    timezone: 'Europe/Berlin',
    currency: 'EUR',
    group_by: ['day'],
    source: 'live',
    totals: someSales({ revenue: 1335.5 }),
    previous: someSales({ revenue: 1000 }),
    change: { revenue: 0.3355, orders: 0.1, margin: -0.02 },
    rows: someDays(),
    more_rows: false,
    bridge: [
      { slug: 'gross_revenue', label: 'Gross revenue', kind: 'start', amount: 1385.5 },
      { slug: 'refunded', label: 'Refunded', kind: 'step', amount: -50 },
      { slug: 'revenue', label: 'Revenue', kind: 'total', amount: 1335.5 },
      { slug: 'shipping', label: 'Shipping charged', kind: 'step', amount: 64.5 },
      { slug: 'revenue_with_shipping', label: 'With shipping', kind: 'total', amount: 1400 },
      { slug: 'revenue', label: 'Revenue', kind: 'start', amount: 1335.5 },
      { slug: 'channel_fees', label: 'Channel fees', kind: 'step', amount: -135.5 },
      { slug: 'net_revenue', label: 'Net revenue', kind: 'total', amount: 1200 },
    ],
    bridge_as_of: AS_OF,
    unconverted: [],
    as_of: AS_OF,
    costs_as_of: AS_OF,
    explain: links('revenue', 'orders', 'units', 'average_order_value', 'gross_profit', 'margin'),
    ...changes,
  }
}

export function someCustomers(changes: Partial<CustomersAnswer> = {}): CustomersAnswer {
  return {
    period: { from: '2026-10-23', to: '2026-11-22' },
    currency: 'EUR',
    as_of_date: '2026-11-21',
    as_of: AS_OF,
    totals: {
      customers: 900,
      customers_with_orders: 800,
      active_customers: 120,
      new_customers: 50,
      returning_customers: 70,
      repeat_rate: 0.34,
      average_lifetime_value: 214.33,
      average_predicted_lifetime_value: null,
      revenue_per_customer: 11.13,
      ad_spend: null,
      acquisition_cost: null,
    },
    segments: [
      {
        segment: 'VIP',
        customers: 12,
        revenue: 9000,
        share: 0.015,
        explain: explain('customers', 'segment=VIP'),
      },
    ],
    rfm_grid: [
      {
        recency: 5,
        frequency: 1,
        customers: 77,
        revenue: 4200,
        explain: explain('customers', 'recency=5&frequency=1'),
      },
    ],
    age_groups: [
      {
        name: '25-34',
        count: 300,
        revenue: 30_000,
        explain: explain('customers', 'age_group=25-34'),
      },
    ],
    stages: [
      {
        name: 'Veteran',
        count: 210,
        revenue: 50_000,
        explain: explain('customers', 'stage=Veteran'),
      },
    ],
    top: [
      {
        customer_id: '01m7yw4gs2ynkfha7hs90mdcrg',
        name: 'Ada Example',
        email: 'ada@example.com',
        city: 'Berlin',
        country: 'DE',
        age_group: '35-44',
        customer_lifetime_stage: 'Veteran',
        total_orders: 45,
        total_revenue: 15000.5,
        avg_order_value: 333.34,
        customer_segment: 'VIP',
        customer_lifetime_value: 14950.5,
      },
    ],
    explain: links('customers', 'active_customers', 'new_customers', 'returning_customers'),
    ...changes,
  }
}

export function someCohorts(): CohortsAnswer {
  const step = (period: number, customers: number, retention: number) => ({
    period,
    customers,
    retention,
    orders: customers,
    revenue: customers * 10,
    revenue_per_customer_to_date: 10,
  })
  return {
    currency: 'EUR',
    channel: null,
    as_of: AS_OF,
    cohorts: [
      {
        month: '2026-10-01',
        size: 40,
        periods: [step(0, 40, 1), step(1, 10, 0.25)],
        explain: explain('retention', 'from=2026-10-01&to=2026-11-01'),
      },
      {
        month: '2026-11-01',
        size: 30,
        periods: [step(0, 30, 1)],
        explain: explain('retention', 'from=2026-11-01&to=2026-12-01'),
      },
    ],
    average: [
      { period: 0, cohorts: 2, retention: 1 },
      { period: 1, cohorts: 1, retention: 0.25 },
    ],
  }
}

export function somePerformance(changes: Partial<ProductPerformance> = {}): ProductPerformance {
  return {
    product_id: 'p1',
    sku: 'MUG',
    product_name: 'Blue mug',
    category: 'Kitchen',
    category_path: 'Home > Kitchen',
    brand: 'Lunavik',
    status: 'active',
    current_price: 10,
    price_tier: 'Budget',
    unit_cost: 4,
    current_stock: 3,
    stock_level: 'Critical',
    age_days: 100,
    life_cycle: 'Current',
    total_units_sold: 120,
    total_orders: 100,
    total_revenue: 1200.5,
    total_cost: 480,
    total_profit: 720.5,
    margin: 0.6,
    avg_rating: 4.5,
    review_count: 8,
    review_sentiment: 'Positive',
    sales_performance: 'Best Seller',
    product_health_score: 87.5,
    health_basis: 'rating, sales, margin',
    first_sold_date: '2026-09-01',
    last_sold_date: '2026-11-20',
    in_stock_days: 60,
    velocity: 2,
    units_last_30_days: 40,
    units_returned: 1,
    return_rate: 0.008,
    explain: explain('{metric}', 'product=p1'),
    ...changes,
  }
}

export function someProducts(changes: Partial<ProductsAnswer> = {}): ProductsAnswer {
  return {
    currency: 'EUR',
    as_of_date: '2026-11-21',
    as_of: AS_OF,
    order: 'best',
    totals: {
      products: 2,
      products_sold: 2,
      revenue: 1500,
      units: 140,
      gross_profit: 800,
      margin: 0.55,
      average_health: 60.5,
      out_of_stock: 1,
      low_stock: 1,
    },
    sales_performance: [{ name: 'Best Seller', count: 1, revenue: 1200.5 }],
    stock_levels: [{ name: 'Critical', count: 1, revenue: 1200.5 }],
    life_cycles: [],
    price_tiers: [],
    rows: [somePerformance()],
    more_rows: false,
    explain: links('velocity', 'product_health_score', 'products_out_of_stock'),
    ...changes,
  }
}

export function someExplanation(changes: Partial<ExplainAnswer> = {}): ExplainAnswer {
  return {
    metric: someMetric(),
    from: '2026-10-23',
    to: '2026-11-22',
    timezone: 'Europe/Berlin',
    filters: { channel: ['amazon'] },
    figure: { value: 30.3, unit: 'money', currency: 'EUR', numerator: 30.3, denominator: null },
    sql: 'SELECT sum(revenue) AS numerator FROM live_sales',
    parameters: { start: '2026-10-23' },
    lineage: [
      { name: 'log_orders', kind: 'landed', feeds: ['live_sales'], description: 'As told.' },
      { name: 'live_sales', kind: 'live', feeds: ['revenue'], description: null },
      { name: 'revenue', kind: 'figure', feeds: [], description: 'Revenue' },
    ],
    tests: ['sum_equals_ledger'],
    freshness: { source: 'live', as_of: AS_OF, newest_fact_at: AS_OF },
    columns: [
      { name: 'local_day', role: 'key' },
      { name: 'order_id', role: 'key' },
      { name: 'channel', role: 'fact' },
      { name: 'numerator', role: 'numerator' },
    ],
    rows: [
      { local_day: '2026-11-20', order_id: 'o-00000001', channel: 'amazon', numerator: 10.1 },
      { local_day: '2026-11-19', order_id: 'o-00000002', channel: 'amazon', numerator: 20.2 },
    ],
    next_cursor: null,
    ...changes,
  }
}
