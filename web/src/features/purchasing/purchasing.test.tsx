import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, it } from 'vitest'
import type { PurchaseOrder, Supplier } from '@/client/api'
import { aViewer, someProduct } from '@/test/fixtures'
import { address, open, signedIn } from '@/test/open'
import { json, page, problem, type TestServer } from '@/test/server'
import { draftOf, newSupplier, supplierBody, supplierProblems, weekdaysOf } from './draft'
import { readPurchasesSearch, readSuppliersSearch, suppliersParams } from './filters'

function someSupplier(changes: Partial<Supplier> = {}): Supplier {
  return {
    supplier_id: 's1',
    code: 'potters',
    name: 'Potters Ltd',
    email: 'orders@example.com',
    phone: null,
    currency: 'EUR',
    lead_time_days: 14,
    order_weekdays: [0, 1, 2, 3, 4],
    closed: [['2026-12-24', '2027-01-02']],
    is_active: true,
    version: 3,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    ...changes,
  }
}

const ORDER: PurchaseOrder = {
  purchase_order_id: 'b1',
  number: 'PO-00001',
  supplier_id: 's1',
  location_id: 'l1',
  status: 'ordered',
  currency: 'EUR',
  expected_on: '2026-12-01',
  note: null,
  version: 2,
  ordered_at: '2026-11-17T09:00:00Z',
  closed_at: null,
  created_at: '2026-11-16T09:00:00Z',
  updated_at: '2026-11-17T09:00:00Z',
}

describe('a supplier in a form', () => {
  it('says closed times as people do, and sends the day after the last', () => {
    const draft = draftOf(someSupplier())
    expect(draft.closed).toEqual([{ first: '2026-12-24', last: '2027-01-01' }])
    expect(supplierProblems(draft)).toEqual({})
    expect(supplierBody(draft)).toMatchObject({
      closed: [['2026-12-24', '2027-01-02']],
      lead_time_days: 14,
      phone: null,
    })
  })

  it('knows what is wrong with it', () => {
    expect(Object.keys(supplierProblems(newSupplier('EUR'))).sort()).toEqual(['code', 'name'])
    const draft = {
      ...draftOf(someSupplier()),
      lead_time_days: 'two weeks',
      order_weekdays: [],
      closed: [{ first: '2026-12-24', last: '2026-12-23' }],
    }
    expect(Object.keys(supplierProblems(draft)).sort()).toEqual([
      'closed',
      'lead_time_days',
      'order_weekdays',
    ])
  })

  it.each([
    [[0, 1, 2, 3, 4], 'Mon – Fri'],
    [[4, 0], 'Mon, Fri'],
    [[0, 1, 2, 3, 4, 5, 6], 'every day'],
    [[2], 'Wed'],
    [[], 'never'],
  ])('%o: %s', (days, words) => {
    expect(weekdaysOf(days)).toBe(words)
  })
})

it('the addresses are what the API is asked', () => {
  expect(readPurchasesSearch({ status: 'lost', supplier: '' })).toEqual({})
  expect(readSuppliersSearch({ active: 'maybe', open: 'new' })).toEqual({ open: 'new' })
  expect(suppliersParams({})).toEqual({ is_active: true })
  expect(suppliersParams({ q: ' pot ', active: 'all' })).toEqual({ q: 'pot' })
})

let server: TestServer

beforeEach(() => {
  server = signedIn()
    .on('GET /purchase-orders', () => page([ORDER]))
    .on('GET /suppliers', () => page([someSupplier()]))
    .on('GET /suppliers/s1', () => json(someSupplier()))
    .on('GET /inventory/locations', () => page([{ location_id: 'l1', name: 'Hamburg' }]))
})

const sheet = () => screen.getByRole('dialog')

it('lists what was ordered, from whom, to where, each leading to its page', async () => {
  open('/purchasing?status=ordered')
  const link = await screen.findByRole('link', { name: 'PO-00001' })
  expect(link).toHaveAttribute('href', '/purchasing/b1')
  const row = screen.getByRole('row', { name: /PO-00001/ })
  await waitFor(() => expect(row).toHaveTextContent('Potters Ltd'))
  await waitFor(() => expect(row).toHaveTextContent('Hamburg'))
  expect(row).toHaveTextContent('1 Dec 2026')
  const asked = server.asked.findLast(({ pathname }) => pathname === '/api/v1/purchase-orders')
  expect(asked?.searchParams.get('status')).toBe('ordered')
  await userEvent.click(screen.getByRole('link', { name: 'Suppliers' }))
  await waitFor(() => expect(address()).toBe('/purchasing/suppliers'))
})

it('drafts a purchase order by hand, and opens it', async () => {
  server
    .on('GET /products/search', () => page([someProduct()]))
    .on('POST /purchase-orders', () => json({ ...ORDER, status: 'draft', lines: [] }, 201))
    .on('GET /purchase-orders/b1', () => json({ ...ORDER, status: 'draft', lines: [] }))
  open('/purchasing?open=new')
  const act = await within(await screen.findByRole('dialog')).findByRole('button', {
    name: 'Draft it',
  })
  expect(act).toBeDisabled()
  await userEvent.type(within(sheet()).getByLabelText('Add a product'), 'mug')
  await within(sheet()).findByRole('button', { name: /Blue mug/ })
  await userEvent.keyboard('{Enter}')
  const units = within(sheet()).getByLabelText('Units of Blue mug', { selector: 'input' })
  await userEvent.clear(units)
  await userEvent.type(units, '24')
  const cost = within(sheet()).getByLabelText('Cost of a unit of Blue mug')
  await userEvent.type(cost, 'cheap')
  expect(act).toBeDisabled()
  await userEvent.clear(cost)
  await userEvent.type(cost, '4,25')
  await userEvent.click(act)
  await waitFor(() => expect(address()).toBe('/purchasing/b1'))
  expect(server.written[0]?.body).toEqual({
    supplier_id: 's1',
    location_id: 'l1',
    lines: [{ product_id: 'p1', quantity: 24, unit_cost: '4.25' }],
    expected_on: null,
    note: null,
  })
})

it('takes in what arrived, more of one line and less of another', async () => {
  const line = { line_no: 1, product_id: 'p1', sku: 'MUG', name: 'Blue mug', unit_cost: 4 }
  const lines = [
    { ...line, quantity: 10, received: 4, total: 40 },
    { ...line, line_no: 2, sku: 'CUP', name: 'Cup', quantity: 5, received: 0, total: 20 },
  ]
  const order = { ...ORDER, status: 'partial', lines }
  server
    .on('GET /purchase-orders/b1', () => json(order))
    .on('POST /purchase-orders/b1/receive', () => json({ ...order, status: 'partial' }))
  open('/purchasing/b1')
  await userEvent.click(await screen.findByRole('button', { name: 'Take in what arrived' }))
  expect(within(sheet()).getByLabelText('Units of Blue mug', { selector: 'input' })).toHaveValue(
    '6',
  )
  const mugs = within(sheet()).getByRole('group', { name: 'Units of Blue mug' })
  await userEvent.click(within(mugs).getByRole('button', { name: 'One more' }))
  const cups = within(sheet()).getByRole('group', { name: 'Units of Cup' })
  await userEvent.click(within(cups).getByRole('button', { name: 'One less' }))
  expect(sheet()).toHaveTextContent('1 unit still to come')
  await userEvent.click(within(sheet()).getByRole('button', { name: 'Take in 11 units' }))
  expect(await screen.findByText(/11 units of PO-00001 are on the shelf; more/)).toBeVisible()
  expect(server.written[0]).toMatchObject({
    ifMatch: '"2"',
    body: {
      lines: [
        { line_no: 1, quantity: 7 },
        { line_no: 2, quantity: 4 },
      ],
    },
  })
})

it('says what a supplier sells: changed terms and a new product go in one request', async () => {
  const offer = {
    product_id: 'p9',
    sku: 'CUP',
    name: 'Cup',
    supplier_sku: 'C-1',
    unit_cost: 3.2,
    min_quantity: 12,
    pack_size: 6,
    updated_at: '2026-11-17T09:00:00Z',
  }
  server
    .on('GET /suppliers/s1/products', () => page([offer]))
    .on('GET /products/search', () => page([someProduct()]))
    .on('PUT /suppliers/s1/products', () => new Response(null, { status: 204 }))
    .on('DELETE /suppliers/s1/products/p9', () => new Response(null, { status: 204 }))
  open('/purchasing/suppliers?open=s1')
  await userEvent.click(await screen.findByRole('link', { name: /What it sells/ }))
  const cups = within(await screen.findByRole('group', { name: 'Terms of Cup' }))
  expect(cups.getByLabelText('At least')).toHaveValue('12')
  await userEvent.clear(cups.getByLabelText('Cost'))
  await userEvent.type(cups.getByLabelText('Cost'), '3,10')
  await userEvent.type(within(sheet()).getByLabelText('Add a product'), 'mug')
  await userEvent.click(await within(sheet()).findByRole('button', { name: /Blue mug/ }))
  const mugs = within(await screen.findByRole('group', { name: 'Terms of Blue mug' }))
  await userEvent.clear(mugs.getByLabelText('Packs of'))
  expect(within(sheet()).getByRole('button', { name: 'Save 2 products' })).toBeDisabled()
  await userEvent.type(mugs.getByLabelText('Packs of'), '4')
  await userEvent.click(within(sheet()).getByRole('button', { name: 'Save 2 products' }))
  expect(await screen.findByText('2 products of Potters Ltd saved.')).toBeVisible()
  expect(server.written[0]?.body).toEqual({
    products: [
      {
        product_id: 'p9',
        unit_cost: '3.10',
        min_quantity: 12,
        pack_size: 6,
        supplier_sku: 'C-1',
      },
      { product_id: 'p1', unit_cost: null, min_quantity: 1, pack_size: 4, supplier_sku: null },
    ],
  })
  await waitFor(() => expect(address()).toBe('/purchasing/suppliers'))
})

it('lays down a supplier', async () => {
  server.on('POST /suppliers', ({ body }) => json({ ...someSupplier(), ...(body as object) }, 201))
  open('/purchasing/suppliers?open=new')
  await userEvent.click(await screen.findByRole('button', { name: 'Save' }))
  expect(await screen.findByText('A supplier needs a name.')).toBeVisible()
  await userEvent.type(screen.getByLabelText('Name'), 'Weavers')
  await userEvent.type(screen.getByLabelText('Code'), 'weavers')
  await userEvent.type(screen.getByLabelText('Arrives after'), '21')
  await userEvent.click(screen.getByLabelText('Fri'))
  await userEvent.click(screen.getByRole('button', { name: 'Save' }))
  expect(await screen.findByText('Weavers is saved.')).toBeVisible()
  expect(server.written[0]?.body).toMatchObject({
    code: 'weavers',
    name: 'Weavers',
    currency: 'EUR',
    lead_time_days: 21,
    order_weekdays: [0, 1, 2, 3],
  })
})

it('who was overtaken keeps what was typed, takes in the rest, and presses once more', async () => {
  let theirs = {}
  server
    .on('GET /suppliers/s1', () => json(someSupplier(theirs)))
    .on('PATCH /suppliers/s1', ({ ifMatch, body }) =>
      ifMatch === '"4"'
        ? json({ ...someSupplier(), ...(body as object) })
        : problem(409, 'Changed meanwhile', 'It is at version 4.', 'changed_meanwhile'),
    )
  open('/purchasing/suppliers?open=s1')
  await userEvent.type(await screen.findByLabelText('Name'), '!')
  theirs = { version: 4, lead_time_days: 30 }
  const act = within(sheet()).getByRole('button', { name: 'Save' })
  await userEvent.click(act)
  expect(await screen.findByText('Somebody else was faster')).toBeVisible()
  await waitFor(() => expect(screen.getByLabelText('Arrives after')).toHaveValue('30'))
  await userEvent.click(act)
  expect(await screen.findByText('Potters Ltd! is saved.')).toBeVisible()
  expect(server.written[1]?.body).toMatchObject({ name: 'Potters Ltd!', lead_time_days: 30 })
})

it('who may only look changes nothing', async () => {
  server.me = aViewer
  open('/purchasing/suppliers?open=s1')
  expect(await screen.findByLabelText('Name')).toBeDisabled()
  expect(within(sheet()).getByRole('button', { name: 'Save' })).toBeDisabled()
})
