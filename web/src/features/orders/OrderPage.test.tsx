import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it } from 'vitest'
import { aViewer, someLeft, someOrder, someProduct } from '@/test/fixtures'
import { open, signedIn } from '@/test/open'
import { json, page, problem, type TestServer } from '@/test/server'

let server: TestServer

beforeEach(() => {
  server = signedIn()
    .on('GET /orders/o1', () => json(someOrder()))
    .on('GET /orders/o1/left', () => json(someLeft()))
    .on('GET /orders/o1/shipments', () => json({ items: [] }))
    .on('GET /orders/o1/notes', () => json({ items: [] }))
    .on('GET /orders/o1/addresses', () => json({ shipping: null, billing: null }))
    .on('GET /returns', () => page([]))
    .on('GET /payments', () => page([]))
})

const sheet = () => screen.getByRole('dialog')
const moved = (status: string) =>
  json({
    order_id: 'o1',
    order_number: 'TW-1001',
    status,
    fulfillment_status: 'none',
    payment_status: 'paid',
    version: 5,
    provider_refund_ids: [],
  })

async function choose(name: RegExp) {
  await userEvent.click(await screen.findByRole('button', { name: 'More' }))
  await userEvent.click(await screen.findByRole('menuitem', { name }))
}

it('shows lines, totals, payments and history', async () => {
  open('/orders/o1')
  expect(await screen.findByRole('heading', { level: 1, name: 'TW-1001' })).toBeVisible()
  expect(screen.getByRole('row', { name: /Blue mug/ })).toHaveTextContent('€30.00')
  const lines = screen.getByRole('region', { name: 'Lines' })
  expect(within(lines).getByText('€34.90')).toBeVisible()
  expect(within(lines).getByText('of it tax')).toBeVisible()
  expect(screen.getByRole('region', { name: 'Payments' })).toHaveTextContent('TW-1001-P1')
  expect(screen.getByRole('region', { name: 'History' })).toHaveTextContent('at the checkout')
})

it('a cancellation says what it does, and goes over the version that was seen', async () => {
  server.on('POST /orders/o1/cancel', () => moved('cancelled'))
  open('/orders/o1')
  await choose(/Cancel the order/)
  expect(sheet()).toHaveTextContent('cannot be undone')
  await userEvent.type(within(sheet()).getByLabelText(/Reason/), 'Wrong size')
  await userEvent.click(within(sheet()).getByRole('button', { name: 'Cancel the order' }))
  expect(await screen.findByText('Order TW-1001 is cancelled.')).toBeVisible()
  const [sent] = server.written
  expect(sent).toMatchObject({ body: { reason: 'Wrong size' }, ifMatch: '"4"' })
  expect(sent?.key).toMatch(/^[0-9a-f]{32}$/)
  expect(screen.queryByRole('dialog')).toBeNull()
})

it('a second press after a broken line carries the same key; after an answer, another one', async () => {
  let broken = true
  server.on('POST /orders/o1/notes', () => {
    if (broken) throw new TypeError('Failed to fetch')
    return json(
      {
        note_id: 'n',
        author: 'ada',
        text: 'x',
        is_for_customer: false,
        at: '2026-11-21T00:00:00Z',
      },
      201,
    )
  })
  open('/orders/o1')
  const field = await screen.findByLabelText('New note')
  const add = screen.getByRole('button', { name: 'Add note' })
  await userEvent.type(field, 'Call first')
  await userEvent.click(add)
  expect(await screen.findByText(/Check that Tradewind is running/)).toBeVisible()
  broken = false
  await userEvent.click(add)
  await waitFor(() => expect(field).toHaveValue(''))
  await userEvent.type(field, 'Call first')
  await userEvent.click(add)
  await waitFor(() => expect(server.written).toHaveLength(3))
  const [first, second, third] = server.written.map(({ key }) => key)
  expect(second).toBe(first)
  expect(third).not.toBe(first)
})

it('who was overtaken is told so, sees the newest, and may press once more', async () => {
  let version = 4
  server
    .on('GET /orders/o1', () => json(someOrder({ version })))
    .on('POST /orders/o1/status', ({ ifMatch }) =>
      ifMatch === '"5"'
        ? moved('processing')
        : problem(409, 'Changed meanwhile', 'It is at version 5.', 'changed_meanwhile'),
    )
  open('/orders/o1')
  await userEvent.click(await screen.findByRole('button', { name: 'Start processing' }))
  version = 5
  const act = within(sheet()).getByRole('button', { name: 'Start processing' })
  await userEvent.click(act)
  expect(await screen.findByText('Somebody else was faster')).toBeVisible()
  await userEvent.click(act)
  expect(await screen.findByText('Order TW-1001 is processing now.')).toBeVisible()
  expect(server.written.map(({ ifMatch }) => ifMatch)).toEqual(['"4"', '"5"'])
})

it('a parcel takes the units that are left, fewer when asked, with its tracking', async () => {
  server.on('POST /orders/o1/shipments', () => json({ number: 'P-1', lines: [] }, 201))
  open('/orders/o1')
  await userEvent.click(await screen.findByRole('button', { name: 'Send' }))
  expect(within(sheet()).getByRole('button', { name: 'Send all' })).toBeEnabled()
  await userEvent.click(within(sheet()).getByRole('button', { name: 'One less' }))
  await userEvent.type(within(sheet()).getByLabelText('Carrier'), 'DHL')
  await userEvent.type(within(sheet()).getByLabelText('Tracking number'), '0034')
  await userEvent.click(within(sheet()).getByRole('button', { name: 'Send 2 units' }))
  expect(await screen.findByText(/Parcel P-1 is on its way/)).toBeVisible()
  expect(server.written[0]?.body).toEqual({
    lines: [{ line_no: 1, quantity: 2 }],
    carrier: 'DHL',
    tracking_number: '0034',
    tracking_url: null,
  })
})

it('a refund says what it comes to by the server’s own sums before it is given', async () => {
  const given = {
    amount: 20,
    currency: 'EUR',
    unearned: 0,
    lines: [{ line_no: 1, quantity: 2, amount: 16.81 }],
    shipping: 0,
    tax: 3.19,
    provider_refund_ids: [],
    refund_id: 'r1',
  }
  server
    .on('POST /orders/o1/refunds/preview', () => json({ ...given, refund_id: null }))
    .on('POST /orders/o1/refunds', () => json(given, 201))
  open('/orders/o1')
  await choose(/Refund/)
  expect(within(sheet()).getByRole('button', { name: 'Give money back' })).toBeDisabled()
  const more = within(sheet()).getByRole('button', { name: 'One more' })
  await userEvent.click(more)
  await userEvent.click(more)
  await userEvent.click(await within(sheet()).findByRole('button', { name: 'Give €20.00 back' }))
  expect(await screen.findByText('€20.00 are booked as given back.')).toBeVisible()
  expect(server.written.at(-1)).toMatchObject({
    body: { lines: [{ line_no: 1, quantity: 2 }], with_shipping: false, reason: null },
  })
})

it('takes units off, puts a variant of a group on, and says what is to be paid then', async () => {
  const group = { ...someProduct(), product_id: 'g1', sku: null, name: 'Shirt', kind: 'group' }
  const small = { ...someProduct(), product_id: 'v1', sku: 'SHIRT-S', name: 'Shirt, small' }
  const edited = { order_id: 'o1', version: 5, total: 43.9, due: 9, currency: 'EUR' }
  server
    .on('GET /products/search', () => page([group]))
    .on('GET /products', () => page([small]))
    .on('PATCH /orders/o1', () => json(edited))
  open('/orders/o1')
  await choose(/Change the lines/)
  const act = within(sheet()).getByRole('button', { name: 'Change the order' })
  expect(act).toBeDisabled()
  const mugs = within(sheet()).getByRole('group', { name: 'Units of Blue mug' })
  await userEvent.click(within(mugs).getByRole('button', { name: 'One less' }))
  expect(sheet()).toHaveTextContent('was 3')
  await userEvent.type(within(sheet()).getByLabelText('Add a product'), 'shirt')
  await userEvent.click(await within(sheet()).findByRole('button', { name: /Shirt.*Choose/ }))
  await userEvent.click(await within(sheet()).findByRole('button', { name: /Shirt, small/ }))
  await userEvent.click(act)
  expect(await screen.findByText(/€43.90 now. €9.00 are still to be paid/)).toBeVisible()
  expect(server.written[0]).toMatchObject({
    ifMatch: '"4"',
    body: {
      quantities: [{ line_no: 1, quantity: 2 }],
      add: [{ sku: 'SHIRT-S', quantity: 1 }],
      reason: null,
    },
  })
  const variants = server.asked.findLast(({ pathname }) => pathname === '/api/v1/products')
  expect(variants?.searchParams.get('parent_id')).toBe('g1')
})

it('who may only look sees every act, and why it is not theirs', async () => {
  server.me = aViewer
  open('/orders/o1')
  const send = await screen.findByRole('button', { name: 'Send' })
  expect(send).toHaveAttribute('aria-disabled', 'true')
  expect(send).toHaveAccessibleDescription(/As viewer you may not send parcels/)
  await userEvent.click(send)
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(screen.getByRole('region', { name: 'Customer' })).toHaveTextContent(
    'you may not see who customers are',
  )
  expect(server.asked.some(({ pathname }) => pathname.endsWith('/addresses'))).toBe(false)
})

it('an order that is none says so', async () => {
  server.on('GET /orders/o1', () => problem(404, 'Not found', 'There is no order o1.'))
  open('/orders/o1')
  expect(await screen.findByText('There is no order o1.')).toBeVisible()
})
