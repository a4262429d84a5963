import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it } from 'vitest'
import { aViewer } from '@/test/fixtures'
import { open, signedIn } from '@/test/open'
import { json, problem, type TestServer } from '@/test/server'

let server: TestServer

const connection = {
  connection_id: 'c1',
  name: 'amazon-de',
  connector: 'amazon',
  channel: 'amazon',
  state: 'active',
  state_reason: null,
  state_since: '2026-11-20T00:00:00Z',
  resume_at: null,
  settings: {},
  secrets_end_on: null,
  history_days: 730,
  pushes_stock: false,
  pushes_prices: false,
  stock_buffer: 0,
  is_selling: true,
  created_at: '2026-11-20T00:00:00Z',
  updated_at: '2026-11-20T00:00:00Z',
}
const fresh = {
  connection: 'amazon-de',
  connector: 'amazon',
  resource: 'orders',
  state: 'active',
  state_reason: null,
  newest_fact_at: '2026-11-20T00:00:00Z',
  newest_fact_age_seconds: 7200,
  read_until: '2026-11-20T00:00:00Z',
  age_seconds: 1300,
  target_age_seconds: 900,
  is_late: true,
  finished_at: null,
}
const run = {
  run_id: 'r1',
  what: 'amazon-de:orders',
  why: 'schedule',
  status: 'finished',
  counts: {
    'orders.created': 12,
    'fees.created': 1,
    'orders.changed': 0,
    'payloads.read': 12,
    pages: 1,
  },
  warnings: {},
  error: null,
  started_at: '2026-11-20T00:00:00Z',
  finished_at: null,
}
const items = (...rows: object[]) => json({ items: rows })

beforeEach(() => {
  server = signedIn()
    .on('GET /channels/connections', () => items(connection))
    .on('GET /channels/freshness', () => items(fresh))
    .on('GET /channels/alerts', () => items())
    .on('GET /channels/runs', () => items(run))
    .on('GET /channels/quarantine', () => items())
})

it('says of each account how far it lies behind, and what the last runs did', async () => {
  open('/channels')
  const card = await screen.findByRole('region', { name: 'amazon-de' })
  expect(await within(card).findByText('21 min behind, at most 15 min')).toBeVisible()
  expect(card).toHaveTextContent('newest 2 h old')
  expect(card).toHaveTextContent('Only read')
  const row = await screen.findByRole('row', { name: /amazon-de · orders/ })
  expect(row).toHaveTextContent('12 orders created, 1 fee created')
  expect(row).not.toHaveTextContent(/changed|pages|payloads/)
})

it('without an account it says how to connect one', async () => {
  server.on('GET /channels/connections', () => items())
  open('/channels')
  expect(await screen.findByText('No marketplace is connected')).toBeVisible()
  expect(screen.getByText('tradewind connect --help')).toBeVisible()
})

it('what is wrong stands on top with its reason', async () => {
  server
    .on('GET /channels/connections', () =>
      items({ ...connection, state: 'needs_attention', state_reason: 'The secret was refused.' }),
    )
    .on('GET /channels/alerts', () =>
      items(
        {
          alert_id: 'a1',
          connection: 'amazon-de',
          cause: 'auth',
          message: 'It is shut out.',
          raised_at: '',
          resolved_at: null,
        },
        {
          alert_id: 'a2',
          connection: 'amazon-de',
          cause: 'old',
          message: 'Long gone.',
          raised_at: '',
          resolved_at: '2026-11-20T00:00:00Z',
        },
      ),
    )
  open('/channels')
  expect(await screen.findByText(/It is shut out/)).toBeVisible()
  expect(screen.queryByText(/Long gone/)).toBeNull()
  expect(await screen.findByText(/The secret was refused/)).toBeVisible()
  expect(screen.getByRole('button', { name: 'Resume' })).toBeVisible()
})

it('orders are read when asked for, and a refusal is told', async () => {
  server.on('POST /orders/sync', () => json({ started: ['amazon-de'], left_out: {} }, 202))
  open('/channels')
  await userEvent.click(await screen.findByRole('button', { name: 'Read orders now' }))
  expect(await screen.findByText('Orders are read now.')).toBeVisible()
  expect(server.written[0]?.body).toMatchObject({ channel: 'amazon-de', resource: 'orders' })
  server.on('POST /channels/connections/amazon-de/pause', () =>
    problem(409, 'Conflict', 'It is being read.', 'conflict'),
  )
  await userEvent.click(screen.getByRole('button', { name: 'Pause' }))
  expect(await screen.findByText('It is being read.')).toBeVisible()
})

it('what was not booked is listed with its reason and can be tried again', async () => {
  const waiting = {
    quarantine_id: 'q1',
    connection: 'amazon-de',
    resource: 'orders',
    external_id: '111-222',
    code: 'no_date',
    reason: 'The order has no date.',
    refused_at: '2026-11-20T00:00:00Z',
  }
  server
    .on('GET /channels/quarantine', () => items(waiting))
    .on('POST /channels/connections/amazon-de/quarantine/replay', () =>
      json({ booked: 1, refused: 0 }),
    )
  open('/channels')
  expect(await screen.findByText('The order has no date.')).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Try amazon-de again' }))
  expect(await screen.findByText('1 booked, 0 refused again.')).toBeVisible()
})

it('a viewer looks on, and is told why', async () => {
  server.me = aViewer
  open('/channels')
  const check = await screen.findByRole('button', { name: 'Check' })
  expect(check).toHaveAccessibleDescription(/As viewer you may not run the channels/)
  await userEvent.click(check)
  expect(server.written).toEqual([])
})
