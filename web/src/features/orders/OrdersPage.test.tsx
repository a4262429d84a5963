import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it, vi } from 'vitest'
import { someOrderRow } from '@/test/fixtures'
import { address, open, signedIn } from '@/test/open'
import { page, problem, type TestServer } from '@/test/server'

let server: TestServer

beforeEach(() => {
  server = signedIn()
  server.on('GET /orders', () => page([someOrderRow()]))
})

const lastAsked = () =>
  server.asked.findLast(
    ({ pathname, searchParams }) =>
      pathname === '/api/v1/orders' && searchParams.get('limit') === '50',
  )

it('lists orders with their states and totals, each leading to its own page', async () => {
  open('/orders')
  const link = await screen.findByRole('link', { name: 'TW-1001' })
  expect(link).toHaveAttribute('href', '/orders/o1')
  const row = screen.getByRole('row', { name: /TW-1001/ })
  expect(row).toHaveTextContent('€34.90')
  expect(row).toHaveTextContent('Shopify')
  expect(within(row).getAllByText('Confirmed')[0]).toBeVisible()
})

it('the address is what the API is asked', async () => {
  open('/orders?status=confirmed,processing&channel=amazon&range=2026-11-01..2026-11-03&q=TW')
  await screen.findByRole('link', { name: 'TW-1001' })
  const { searchParams } = lastAsked() ?? new URL('http://none')
  expect(searchParams.getAll('status')).toEqual(['confirmed', 'processing'])
  expect(searchParams.getAll('channel')).toEqual(['amazon'])
  expect(searchParams.get('from')).toBe('2026-11-01')
  expect(searchParams.get('to')).toBe('2026-11-04')
  expect(searchParams.get('q')).toBe('TW')
})

it('a queue is one press away and stands in the address', async () => {
  open('/orders')
  await screen.findByRole('link', { name: 'TW-1001' })
  await userEvent.click(screen.getByRole('link', { name: 'To send' }))
  await waitFor(() => expect(address()).toBe('/orders?status=confirmed,processing'))
  await waitFor(() =>
    expect(lastAsked()?.searchParams.getAll('status')).toEqual(['confirmed', 'processing']),
  )
  await userEvent.click(screen.getByRole('button', { name: 'Stop filtering by Confirmed' }))
  await waitFor(() => expect(address()).toBe('/orders?status=processing'))
})

it('shows more with the cursor of the page before, until that is all', async () => {
  server.on('GET /orders', ({ url }) =>
    url.searchParams.get('cursor') === 'c2'
      ? page([someOrderRow({ order_id: 'o0', order_number: 'TW-1000' })])
      : page([someOrderRow()], 'c2'),
  )
  open('/orders')
  await userEvent.click(await screen.findByRole('button', { name: 'Show more' }))
  expect(await screen.findByRole('link', { name: 'TW-1000' })).toBeVisible()
  expect(screen.getByRole('link', { name: 'TW-1001' })).toBeVisible()
  expect(screen.getByText('2 orders. That is all.')).toBeVisible()
})

it('says why nothing is there, and the way out', async () => {
  server.on('GET /orders', () => page([]))
  open('/orders?status=cancelled')
  expect(await screen.findByText('No orders match')).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Clear the filters' }))
  expect(await screen.findByText('No orders yet')).toBeVisible()
})

it('says what failed and tries again', async () => {
  server.on('GET /orders', () => problem(403, 'Not permitted', 'You may not see orders.'))
  open('/orders')
  expect(await screen.findByText('You may not see orders.')).toBeVisible()
})

it('orders that came in since wait above the list', async () => {
  server.on('GET /orders', ({ url }) =>
    url.searchParams.get('limit') === '1'
      ? page([someOrderRow({ order_id: 'o2' })])
      : page([someOrderRow()]),
  )
  open('/orders')
  const pill = await screen.findByRole('button', { name: /newer orders/ })
  server.on('GET /orders', () => page([someOrderRow({ order_id: 'o2', order_number: 'TW-1002' })]))
  await userEvent.click(pill)
  expect(await screen.findByRole('link', { name: 'TW-1002' })).toBeVisible()
  await waitFor(() => expect(screen.queryByRole('button', { name: /newer orders/ })).toBeNull())
})

it('exports what the list shows', async () => {
  URL.createObjectURL = vi.fn(() => 'blob:x')
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined)
  server.on('GET /orders/export', () => new Response('order_number\r\n'))
  open('/orders?status=shipped')
  await screen.findByRole('link', { name: 'TW-1001' })
  await userEvent.keyboard('e')
  expect(await screen.findByText(/in your downloads/)).toBeVisible()
  expect(click).toHaveBeenCalledOnce()
  const asked = server.asked.find(({ pathname }) => pathname === '/api/v1/orders/export')
  expect(asked?.search).toBe('?status=shipped')
})
