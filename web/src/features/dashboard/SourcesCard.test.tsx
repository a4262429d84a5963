import { render, screen, within } from '@testing-library/react'
import { beforeEach, expect, it } from 'vitest'
import { App } from '@/App'
import type { Freshness } from '@/client/api'
import { session } from '@/features/session/session'
import { json, TestServer } from '@/test/server'

let server: TestServer

const orders: Freshness = {
  connection: 'sandbox-amazon',
  connector: 'amazon',
  resource: 'orders',
  state: 'active',
  state_reason: null,
  newest_fact_at: '2026-11-21T09:50:00Z',
  newest_fact_age_seconds: 600,
  read_until: '2026-11-21T09:55:00Z',
  age_seconds: 300,
  target_age_seconds: 1200,
  is_late: false,
  finished_at: '2026-11-21T09:57:00Z',
}

function open() {
  window.history.replaceState(null, '', '/')
  render(<App />)
}

beforeEach(() => {
  session.signOut()
  sessionStorage.setItem('tradewind.refresh', 'r')
  server = new TestServer().start()
})

it('says of each source how old its newest fact is, how old it may be, and how it stands', async () => {
  const fees = { ...orders, resource: 'fees' as const, is_late: true, age_seconds: 9000 }
  const stock = {
    ...orders,
    connection: 'walmart',
    resource: 'inventory' as const,
    state: 'paused',
    state_reason: 'by hand',
    newest_fact_at: null,
    newest_fact_age_seconds: null,
    age_seconds: null,
    is_late: true,
  }
  server.on('GET /channels/freshness', () => json({ items: [stock, fees, orders] }))
  open()
  const card = await screen.findByRole('region', { name: 'Sources' })
  expect(card).toHaveTextContent('2 of 3 behind')
  const amazon = within(card).getByRole('region', { name: 'sandbox-amazon' })
  const [late, onTime] = within(amazon).getAllByRole('listitem')
  expect(late).toHaveTextContent('Fees')
  expect(late).toHaveTextContent('Behind')
  expect(onTime).toHaveTextContent('5 min behind, at most 20 min')
  expect(onTime).toHaveTextContent('newest 10 min old')
  expect(onTime).toHaveTextContent('On time')
  const walmart = within(card).getByRole('region', { name: 'walmart' })
  expect(walmart).toHaveTextContent('Paused')
  expect(walmart).toHaveTextContent('nothing yet')
  expect(within(card).getByRole('link', { name: 'Channels' })).toHaveAttribute('href', '/channels')
})

it('is not there while nothing is connected', async () => {
  open()
  await screen.findByRole('region', { name: 'Low stock' })
  expect(screen.queryByRole('region', { name: 'Sources' })).toBeNull()
})
