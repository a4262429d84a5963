/** Documents as the API sends them, complete and plausible; a test overrides what it is about. */
import type {
  Filters,
  GridProduct,
  LiveFilters,
  LiveGrid,
  LiveSales,
  Me,
  Metrics,
  Order,
  OrderLeft,
  OrderRow,
  Product,
  TrendBucket,
  User,
} from '@/client/api'
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

const ALL_RIGHTS = [
  'admin',
  'api:read',
  'api:write',
  'audit:read',
  'catalog:write',
  'customers:read',
  'customers:write',
  'orders:fulfil',
  'orders:refund',
  'orders:write',
  'promotions:write',
  'stock:write',
]

export function someMe(changes: Partial<Me> = {}): Me {
  return {
    user_id: 'u1',
    username: 'ada',
    email: 'ada@example.com',
    role: 'admin',
    scopes: ALL_RIGHTS,
    ...changes,
  }
}

export function aViewer(): Me {
  return someMe({ user_id: 'u2', username: 'vic', role: 'viewer', scopes: ['api:read'] })
}

export function someOrderRow(changes: Partial<OrderRow> = {}): OrderRow {
  return {
    order_id: 'o1',
    order_number: 'TW-1001',
    channel: 'shopify',
    placed_at: '2026-11-20T09:05:00Z',
    status: 'confirmed',
    fulfillment_status: 'unfulfilled',
    payment_status: 'paid',
    currency: 'EUR',
    subtotal: 30,
    discount: 0,
    shipping: 4.9,
    tax: 5.57,
    total: 34.9,
    revenue: 25.21,
    units: 3,
    customer_id: 'c1',
    ship_country: 'DE',
    ship_region: null,
    ship_city: 'Hamburg',
    version: 4,
    ...changes,
  }
}

export function someOrder(changes: Partial<Order> = {}): Order {
  return {
    ...someOrderRow(),
    items: [
      {
        line_no: 1,
        product_id: 'p1',
        sku: 'MUG',
        name: 'Blue mug',
        quantity: 3,
        unit_price: 10,
        discount: 0,
        tax: 4.79,
        total: 30,
        unit_cost: 4,
      },
    ],
    discounts: [],
    payments: [
      {
        payment_id: 'y1',
        external_id: 'TW-1001-P1',
        method: 'card',
        installments: 1,
        amount: 34.9,
        currency: 'EUR',
        status: 'captured',
        paid_at: '2026-11-20T09:05:00Z',
      },
    ],
    refunds: [],
    history: [{ at: '2026-11-20T09:05:00Z', status: 'confirmed', origin: 'checkout', note: null }],
    ...changes,
  }
}

export function someLeft(changes: Partial<OrderLeft> = {}): OrderLeft {
  return {
    currency: 'EUR',
    refundable: 34.9,
    shipping: 4.12,
    lines: [{ line_no: 1, to_send: 3, to_return: 0, to_refund: 3 }],
    ...changes,
  }
}

export function someProduct(changes: Partial<Product> = {}): Product {
  return {
    product_id: 'p1',
    parent_id: null,
    kind: 'good',
    sku: 'MUG',
    name: 'Blue mug',
    category_id: 'k1',
    category: 'Kitchen',
    brand: 'Lunavik',
    status: 'active',
    options: {},
    currency: 'EUR',
    price: 10,
    lowest_price_30_days: 9.5,
    reduced_at: '2026-11-10T00:00:00Z',
    picture_url: null,
    version: 7,
    created_at: '2026-10-01T00:00:00Z',
    updated_at: '2026-11-10T00:00:00Z',
    description: 'Holds coffee.',
    attributes: { colour: 'blue', article: '007' },
    barcode: null,
    weight_grams: 350,
    tax_class: 'standard',
    unit_cost: 4,
    prices: [
      {
        currency: 'EUR',
        price: 10,
        lowest_price_30_days: 9.5,
        reduced_at: '2026-11-10T00:00:00Z',
      },
    ],
    media: [],
    variants: 0,
    ...changes,
  }
}

export function someUser(changes: Partial<User> = {}): User {
  return {
    user_id: 'u9',
    username: 'grace',
    email: 'grace@example.com',
    role: 'viewer',
    is_active: true,
    has_second_factor: false,
    version: 2,
    created_at: '2026-10-01T00:00:00Z',
    last_login_at: null,
    ...changes,
  }
}

export function someGridProduct(changes: Partial<GridProduct> = {}): GridProduct {
  return {
    product_id: 'g1',
    sku: 'TW-2000',
    name: 'Enamel kettle',
    category: 'Kitchen',
    brand: null,
    price: 39.5,
    currency: 'EUR',
    available: 240,
    stock_status: 0,
    hits: 12,
    rank_status: 'Trending 🔥',
    ...changes,
  }
}

export function someGrid(items: GridProduct[] = [someGridProduct()]): LiveGrid {
  return { items, as_of: '2026-11-21T10:00:01Z' }
}

export function someLiveSales(changes: Partial<LiveSales> = {}): LiveSales {
  return {
    totals: [{ currency: 'EUR', sales: 31, units: 44, revenue: 1738 }],
    stores: [],
    products: [],
    products_by_store: [],
    minutes: [
      {
        minute: '2026-11-21T09:58:00Z',
        product_id: 'g1',
        product_name: 'Enamel kettle',
        store_id: 'shop',
        currency: 'EUR',
        sales: 1,
        units: 2,
        revenue: 79,
      },
    ],
    as_of: '2026-11-21T10:00:01Z',
    ...changes,
  }
}

export function someLiveFilters(): LiveFilters {
  const all = { id: 'All', value: 'All' }
  return {
    products: [all, { id: 'g1', value: 'Enamel kettle' }],
    categories: [all, { id: 'Kitchen', value: 'Kitchen' }],
    stores: [all, { id: 'shop', value: 'shop' }],
    values: ['sales', 'carts', 'views'],
  }
}
