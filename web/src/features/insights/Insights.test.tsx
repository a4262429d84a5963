import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it, vi } from 'vitest'
import { aViewer } from '@/test/fixtures'
import {
  CATALOGUE,
  someCohorts,
  someCustomers,
  someExplanation,
  somePerformance,
  someProducts,
  someRevenue,
  someRevenueRow,
  someSales,
} from '@/test/insights'
import { address, open, signedIn } from '@/test/open'
import { json, problem, type TestServer } from '@/test/server'

let server: TestServer

beforeEach(() => {
  server = signedIn()
  server.on('GET /metrics', () => json({ metrics: CATALOGUE }))
  server.on('GET /analytics/revenue', ({ url }) => {
    const by = url.searchParams.get('group_by') ?? 'day'
    return json(
      by === 'day'
        ? someRevenue()
        : someRevenue({ group_by: [by], rows: [someRevenueRow({ keys: { [by]: 'amazon' } })] }),
    )
  })
  server.on('GET /analytics/customers', () => json(someCustomers()))
  server.on('GET /analytics/cohorts', () => json(someCohorts()))
  server.on('GET /analytics/products', () => json(someProducts()))
  server.on('GET /explain/revenue', () => json(someExplanation()))
})

const askedOf = (path: string) =>
  server.asked.filter(({ pathname }) => pathname === `/api/v1${path}`).map((url) => url.search)
const notBuilt = () =>
  problem(409, 'Not built', 'The gold table customer_cohorts is not built yet.', 'gold_not_built')

it('Sales shows the figures, what they were before, and the bridge to net revenue', async () => {
  open('/insights/sales')
  const figures = await screen.findByRole('group', { name: 'Figures' })
  const revenue = await within(figures).findByRole('button', { name: /Revenue/ })
  expect(revenue).toHaveTextContent('€1,335.50')
  expect(revenue).toHaveTextContent('33.6%')
  expect(revenue).toHaveTextContent('vs €1,000.00')
  expect(within(figures).getByRole('button', { name: /Gross margin/ })).toHaveTextContent('40%')
  const bridge = screen.getByRole('region', { name: 'From gross to' })
  const steps = within(bridge)
    .getAllByRole('listitem')
    .map((step) => step.textContent)
  expect(steps).toEqual([
    'Gross revenue€1,385.50',
    'Refunded-€50.00',
    'Revenue€1,335.50',
    'Channel fees-€135.50',
    'Net revenue€1,200.00',
  ])
  expect(bridge).toHaveTextContent(/As of the last build, .*; the figures above are live\./)
  await userEvent.selectOptions(within(bridge).getByRole('combobox'), 'With shipping')
  expect(bridge).toHaveTextContent('+€64.50')
})

it('what is not known is a dash, and a figure that does not open is no button', async () => {
  server.on('GET /analytics/revenue', () =>
    json(
      someRevenue({
        totals: someSales({ cost: null, gross_profit: null, margin: null }),
        bridge: [],
        bridge_as_of: null,
        costs_as_of: null,
        explain: { revenue: '/api/v1/explain/revenue' },
      }),
    ),
  )
  open('/insights/sales')
  const figures = await screen.findByRole('group', { name: 'Figures' })
  await within(figures).findByRole('button', { name: /Revenue/ })
  expect(within(figures).getAllByRole('button')).toHaveLength(1)
  expect(within(figures).getByText('Gross margin').parentElement).toHaveTextContent('–')
  expect(screen.getByText(/costs come with the first build of gold/)).toBeVisible()
  expect(screen.getByText('tradewind warehouse build')).toBeVisible()
})

it('the address is what the API is asked, and a row’s name narrows it', async () => {
  open(
    '/insights/sales?range=2026-11-01..2026-11-03&compare=year&channel=amazon&by=country&order=worst',
  )
  const table = await screen.findByRole('table', { name: 'Sales by country' })
  const asked = new URLSearchParams(
    askedOf('/analytics/revenue').findLast((q) => q.includes('country')),
  )
  expect(Object.fromEntries(asked)).toMatchObject({
    from: '2026-11-01',
    to: '2026-11-04',
    compare: 'year',
    channel: 'amazon',
    group_by: 'country',
    order: 'worst',
  })
  await userEvent.click(within(table).getByTitle(/^Show .* only$/))
  await waitFor(() => expect(address()).toContain('country=amazon'))
  await userEvent.click(screen.getByRole('button', { name: 'Product' }))
  await waitFor(() => expect(address()).toContain('by=product'))
  await userEvent.keyboard('{Escape}')
  await waitFor(() => expect(address()).not.toContain('channel='))
})

it('nonsense in the address is left out', async () => {
  open('/insights/sales?range=soon&compare=wrong&by=moon&grain=century&metric=luck')
  await screen.findByRole('table', { name: 'Sales by channel' })
  expect(askedOf('/analytics/revenue')).toContain('?compare=previous&group_by=day&limit=400')
})

it('a figure opens to its meaning and to rows that add up to it', async () => {
  open('/insights/sales')
  const figures = await screen.findByRole('group', { name: 'Figures' })
  await userEvent.click(await within(figures).findByRole('button', { name: /Revenue/ }))
  const panel = await screen.findByRole('dialog', { name: 'Revenue: where does it come from?' })
  expect(await within(panel).findByText('Revenue = gross revenue − refunded')).toBeVisible()
  expect(within(panel).getByText('All 2 rows add up to the figure.')).toBeVisible()
  const rows = within(panel).getByRole('table', { name: 'The rows behind the figure' })
  expect(within(rows).getByRole('link', { name: '00000001' })).toHaveAttribute(
    'href',
    '/orders/o-00000001',
  )
  expect(rows).toHaveTextContent('€20.20')
  await userEvent.click(within(panel).getByRole('button', { name: 'How it is computed' }))
  expect(within(panel).getByText(/SELECT sum\(revenue\)/)).toBeVisible()
  expect(within(panel).getByText('log_orders')).toBeVisible()
  expect(within(panel).getByText('sum_equals_ledger')).toBeVisible()
})

it('rows come page by page, and a sum that is not the figure is said', async () => {
  server.on('GET /explain/revenue', ({ url }) => {
    const [first, second] = someExplanation().rows
    return url.searchParams.get('cursor') === 'c2'
      ? json(someExplanation({ rows: [{ ...second, numerator: 20.21 }] }))
      : json(someExplanation({ rows: [first ?? {}], next_cursor: 'c2' }))
  })
  open('/insights/sales')
  const figures = await screen.findByRole('group', { name: 'Figures' })
  await userEvent.click(await within(figures).findByRole('button', { name: /Revenue/ }))
  expect(await screen.findByText('The 1 rows so far, of €30.30 in all.')).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Show more' }))
  expect(await screen.findByText(/These rows do not add up to the figure/)).toBeVisible()
})

it('what changed is told from the facts that came in between', async () => {
  server.on('GET /analytics/changes', () =>
    json({
      metric: 'revenue',
      period: { from: '2026-10-23', to: '2026-11-22' },
      before: '2026-11-20T10:00:00Z',
      after: '2026-11-21T10:00:00Z',
      currency: 'EUR',
      value_before: 1000,
      value_after: 1030.3,
      difference: 30.3,
      rows: [
        aChange({ amount: 40.3 }),
        aChange({ order_id: null, refund_id: 'r-00000009', kind: 'refund', amount: -10 }),
      ],
      next_cursor: null,
    }),
  )
  open('/insights/sales')
  const button = await screen.findByRole('button', { name: 'What changed since…?' })
  await waitFor(() => expect(button).toBeEnabled())
  await userEvent.click(button)
  expect(
    await screen.findByText('2 facts came in between and add up to the difference.'),
  ).toBeVisible()
  expect(screen.getByText('+€30.30')).toBeVisible()
  expect(screen.getByRole('row', { name: /Refund/ })).toHaveTextContent('-€10.00')
  const asked = new URLSearchParams(askedOf('/analytics/changes')[0])
  expect(asked.get('metric')).toBe('revenue')
  expect(asked.get('from')).toBe('2026-10-23')
  expect(Date.parse(asked.get('before') ?? '')).toBeLessThan(Date.now() - 23 * 3_600_000)
})

function aChange(changes: object) {
  return {
    order_id: 'o1',
    refund_id: null,
    order_number: 'TW-1',
    kind: 'order',
    channel: 'amazon',
    day: '2026-11-20',
    at: '2026-11-20T11:00:00Z',
    ingested_at: '2026-11-20T11:00:01Z',
    status: 'confirmed',
    currency: 'EUR',
    amount: 1,
    ...changes,
  }
}

it('Customers shows segments, the grid, the triangle and who is worth most', async () => {
  open('/insights/customers')
  expect(await screen.findByText('Ada Example')).toBeVisible()
  const figures = screen.getByRole('group', { name: 'Figures' })
  expect(within(figures).getByText('Cost to win one').parentElement).toHaveTextContent('–')
  expect(within(figures).getByText('Repeat rate').parentElement).toHaveTextContent('34%')
  expect(screen.getByTitle('77 customers, €4,200.00')).toHaveTextContent('77')
  const grid = screen.getByRole('table', { name: /recency score/ })
  for (const group of [grid, screen.getByRole('list', { name: 'Time as a customer' })])
    expect(within(group).getByRole('button')).toHaveAttribute('aria-haspopup', 'dialog')
  expect(within(figures).getByRole('button', { name: /Returning/ })).toHaveTextContent('70')
  const triangle = await screen.findByRole('table', { name: /Cohorts by month/ })
  expect(within(triangle).getByTitle(/Oct 2026, 1 month later: 10 customers \(25%\)/)).toBeVisible()
  await userEvent.click(
    within(screen.getByRole('group', { name: 'Show in the triangle' })).getByRole('button', {
      name: 'Revenue',
    }),
  )
  await waitFor(() => expect(address()).toBe('/insights/customers?cohorts=revenue'))
  expect(within(triangle).getByTitle(/1 month later/)).toHaveTextContent('€100')
})

it('without the right to see who customers are, they have no names', async () => {
  server.me = aViewer
  const { top } = someCustomers()
  server.on('GET /analytics/customers', () =>
    json(
      someCustomers({ top: top.map((row) => ({ ...row, name: null, email: null, city: null })) }),
    ),
  )
  open('/insights/customers')
  expect(await screen.findByText('Customer s90mdcrg')).toBeVisible()
  expect(await screen.findByText(/As viewer you may not see who customers are/)).toBeVisible()
})

it.each(['/insights/customers', '/insights/products'])(
  '%s says what to do while gold is not built',
  async (path) => {
    server.on('GET /analytics/customers', notBuilt)
    server.on('GET /analytics/products', notBuilt)
    open(path)
    expect(await screen.findByText('Gold is not built yet')).toBeVisible()
    expect(screen.getByText('tradewind warehouse build')).toBeVisible()
    server.on('GET /analytics/customers', () => json(someCustomers()))
    server.on('GET /analytics/products', () => json(someProducts()))
    await userEvent.click(screen.getByRole('button', { name: /Look again/ }))
    await waitFor(() => expect(screen.queryByText('Gold is not built yet')).toBeNull())
  },
)

it('a fault of the server is said, with a way to try again', async () => {
  server.on('GET /analytics/customers', () => problem(403, 'Not permitted', 'You may not.'))
  open('/insights/customers')
  expect(await screen.findByText('You may not.')).toBeVisible()
})

it('Product performance lists and filters, and the address keeps it', async () => {
  open('/insights/products?order=velocity&stock_level=Critical,Nonsense')
  const row = await screen.findByRole('row', { name: /Blue mug/ })
  expect(row).toHaveTextContent('€1,200.50')
  expect(row).toHaveTextContent('60%')
  expect(row).toHaveTextContent('2 a day')
  expect(row).toHaveTextContent('87.5')
  expect(row).toHaveTextContent('Critical')
  expect(within(row).getByRole('link', { name: 'Blue mug' })).toHaveAttribute(
    'href',
    '/products/p1',
  )
  expect(askedOf('/analytics/products')[0]).toBe('?stock_level=Critical&order=velocity&limit=50')
  await userEvent.click(screen.getByRole('button', { name: 'Worst' }))
  await waitFor(() => expect(address()).toBe('/insights/products?order=worst&stock_level=Critical'))
  await userEvent.click(screen.getByRole('button', { name: 'Stop filtering by Critical' }))
  await waitFor(() => expect(address()).toBe('/insights/products?order=worst'))
})

it('the revenue of a product opens over all days since its first sale', async () => {
  open('/insights/products')
  const row = await screen.findByRole('row', { name: /Blue mug/ })
  await userEvent.click(await within(row).findByRole('button', { name: '€1,200.50' }))
  await screen.findByRole('dialog', { name: 'Revenue of Blue mug: where does it come from?' })
  await waitFor(() => expect(askedOf('/explain/revenue')).toHaveLength(1))
  const asked = new URLSearchParams(askedOf('/explain/revenue')[0])
  expect([asked.get('product'), asked.get('from'), asked.get('to')]).toEqual([
    'p1',
    '2026-09-01',
    '2026-11-22',
  ])
})

it('shows more products with another press, and says when that is all', async () => {
  server.on('GET /analytics/products', ({ url }) =>
    url.searchParams.get('limit') === '100'
      ? json(someProducts({ rows: [somePerformance(), somePerformance({ product_id: 'p2' })] }))
      : json(someProducts({ more_rows: true })),
  )
  open('/insights/products')
  await userEvent.click(await screen.findByRole('button', { name: 'Show more' }))
  expect(await screen.findByText('2 products. That is all.')).toBeVisible()
})

it('downloads the list that is shown', async () => {
  URL.createObjectURL = vi.fn(() => 'blob:x')
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined)
  open('/insights/products?q=mug')
  await screen.findByRole('row', { name: /Blue mug/ })
  server.on('GET /analytics/products', () => new Response('product_id\r\n'))
  await userEvent.click(screen.getByRole('button', { name: 'Download products as CSV' }))
  expect(await screen.findByText(/in your downloads/)).toBeVisible()
  expect(click).toHaveBeenCalledOnce()
  expect(askedOf('/analytics/products').at(-1)).toBe('?q=mug&order=best&limit=1000&format=csv')
})

it('the reports are reached from the bar, by keys and from the palette', async () => {
  open('/insights')
  expect(await screen.findByRole('heading', { level: 1, name: 'Sales' })).toBeVisible()
  expect(address()).toBe('/insights/sales')
  await userEvent.keyboard('gc')
  expect(await screen.findByRole('heading', { level: 1, name: 'Customers' })).toBeVisible()
  await userEvent.keyboard('{Control>}k{/Control}')
  await userEvent.type(await screen.findByRole('combobox', { name: /Find a page/ }), 'performance')
  await userEvent.keyboard('{Enter}')
  expect(
    await screen.findByRole('heading', { level: 1, name: 'Product performance' }),
  ).toBeVisible()
})
