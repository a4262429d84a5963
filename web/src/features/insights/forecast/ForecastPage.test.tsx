import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it } from 'vitest'
import { address, open, signedIn } from '@/test/open'
import { json, problem, type TestServer } from '@/test/server'

let server: TestServer

const bounds = { lower_80: 3, upper_80: 9, lower_95: 1, upper_95: 12 }
const answer = {
  product_id: null,
  sku: null,
  name: 'All products',
  channel: null,
  model: 'auto',
  engine: 'tradewind',
  model_version: 'v1',
  basis: 'served',
  origin: '2026-11-20',
  horizon_days: 30,
  demand_class: null,
  flags: [],
  total_predicted_units: 180.4,
  forecast: Array.from({ length: 30 }, (_, day) => ({
    date: new Date(Date.UTC(2026, 10, 21 + day)).toISOString().slice(0, 10),
    predicted_units: 6,
    ...bounds,
  })),
  totals: [{ days: 30, predicted_units: 180.4, ...bounds, lower_80: 150, upper_80: 210 }],
  history: [{ date: '2026-11-19', units: 5, in_stock: 1 }],
  expected: [{ date: '2026-11-19', predicted_units: 4, known_until: '2026-11-11' }],
  backtest: { wape: 0.4, naive_wape: 0.5, floor_wape: 0.3, value_added: 0.2 },
}
const row = {
  product_id: 'p1',
  sku: 'MUG',
  name: 'Mug',
  channel: null,
  origin: '2026-11-20',
  horizon_days: 30,
  demand_class: 'lumpy',
  total_predicted_units: 3.26,
  lower_80: 0,
  upper_80: 9,
  model: 'auto',
  model_version: 'v1',
  flags: [],
}
const score = {
  model: 'auto',
  part: 'class',
  name: 'lumpy',
  horizon: '1-90',
  series: 12,
  windows: 3,
  wape: 0.9,
  naive_wape: 1.2,
  coverage_80: 0.81,
}
const accuracy = {
  model: 'auto',
  trained_at: '2026-11-20T03:00:00Z',
  rolled_until: '2026-11-23',
  scores: [score, { ...score, model: 'glm', wape: 0.77 }],
  weights: [],
  live: [],
}

beforeEach(() => {
  server = signedIn()
    .on('GET /forecast/total', () => json(answer))
    .on('GET /forecast/products', () => json({ items: [row], next_cursor: null }))
    .on('GET /forecast/accuracy', () => json(accuracy))
})

it('shows what is expected, how sure that is, and how good such forecasts were', async () => {
  open('/insights/forecast')
  const figures = await screen.findByRole('group', { name: 'Figures' })
  expect(await within(figures).findByText('180')).toBeVisible()
  expect(figures).toHaveTextContent('150 – 210')
  expect(figures).toHaveTextContent('40%')
  const chart = screen.getByRole('slider', { name: /Units per day of All products/ })
  expect(chart).toHaveAttribute(
    'aria-valuetext',
    expect.stringMatching(/6 expected, between 3 and 9/),
  )
  const scores = await screen.findByRole('table', { name: /Back-test of auto/ })
  expect(scores).toHaveTextContent('90%')
  expect(scores).not.toHaveTextContent('77%')
  expect(screen.getByText(/trained 20 Nov 2026.*, with days up to .*23/)).toBeVisible()
})

it('a product opens its own days, and the way back is a chip', async () => {
  server.on('GET /forecast/products/p1', () =>
    json({ ...answer, product_id: 'p1', sku: 'MUG', name: 'Mug', flags: ['young'], totals: [] }),
  )
  open('/insights/forecast')
  await userEvent.click(await screen.findByRole('link', { name: 'Mug' }))
  expect(await screen.findByText(/little history/)).toBeVisible()
  expect(address()).toBe('/insights/forecast?product=p1')
  const figures = screen.getByRole('group', { name: 'Figures' })
  expect(figures).toHaveTextContent('–')
})

it('the days ahead and the channel are part of the address and of the question', async () => {
  open('/insights/forecast?days=90&channel=shop')
  await screen.findByRole('table', { name: 'Forecasts of products' })
  const asked = server.asked.find(({ pathname }) => pathname === '/api/v1/forecast/total')
  expect(asked?.searchParams.get('horizon_days')).toBe('90')
  expect(asked?.searchParams.get('channel')).toBe('shop')
})

it('before the first training it says how to train', async () => {
  const none = () => problem(409, 'Conflict', 'Nothing is trained.', 'no_forecast')
  server.on('GET /forecast/total', none)
  open('/insights/forecast')
  expect(await screen.findByText('Nothing is forecast yet')).toBeVisible()
  expect(screen.getByText('tradewind forecast train --all-products')).toBeVisible()
})
