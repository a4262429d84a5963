import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it } from 'vitest'
import { address, open, signedIn } from '@/test/open'
import { json, page, problem, type TestServer } from '@/test/server'

let server: TestServer

const plan = {
  plan_id: 'plan1',
  made_at: '2026-11-21T04:00:00Z',
  today: '2026-11-21',
  currency: 'EUR',
  terms: { budget: null },
  lines: 5,
  orders: 2,
  transfers: 1,
}
const summary = {
  plan,
  lines: 3,
  to_order: 2,
  units: 72,
  cost: 250,
  without_cost: 0,
  expected_profit: 125,
  accepted: 0,
  held: { no_supplier: 1 },
  suppliers: [{ part_id: 's1', name: 'The Potter', lines: 2, units: 72, cost: 250 }],
  locations: [{ part_id: 'l1', name: 'main', lines: 2, units: 72, cost: 250 }],
  channels: [],
}
const mug = {
  line_no: 1,
  rank: 1,
  product_id: 'p1',
  sku: 'MUG',
  name: 'Mug',
  location_id: 'l1',
  location: 'main',
  quantity: 48,
  planned_quantity: 48,
  hold: null,
  reason: 'Order 48. 60 are there; 68 are expected.',
  supplier_id: 's1',
  supplier: 'The Potter',
  min_quantity: 24,
  pack_size: 12,
  unit_cost: 3.5,
  cost: 168,
  expected_profit: 90,
  profit_per_cash: 0.54,
  on_hand: 60,
  reserved: 0,
  on_order: 0,
  reorder_point: 80,
  safety_stock: 12,
  order_up_to: 108,
  service_level: 0.95,
  days_of_cover: 16,
  days_of_cover_with_order: 28,
  lead_time_days: 10,
  basis: 'forecast',
  accepted_as: null,
}
const cup = {
  ...mug,
  line_no: 2,
  product_id: 'p2',
  sku: 'CUP',
  name: 'Cup',
  quantity: 24,
  cost: 82,
}
const jug = {
  ...mug,
  line_no: 3,
  product_id: 'p3',
  sku: 'JUG',
  name: 'Jug',
  quantity: 0,
  planned_quantity: 0,
  cost: 0,
  hold: 'no_supplier',
  supplier_id: null,
  supplier: null,
  reason: '4 are wanted. Nobody is named who sells it: add it to a supplier’s products.',
}
const order = {
  kind: 'purchase_order',
  document_id: 'po1',
  number: 'PO-00001',
  from_name: 'The Potter',
  to_name: 'main',
  line_nos: [1],
  units: 48,
  cost: 168,
  currency: 'EUR',
  expected_on: '2026-12-01',
  is_new: true,
}
const move = {
  line_no: 1,
  product_id: 'p2',
  sku: 'CUP',
  name: 'Cup',
  from_location: 'shop',
  to_location: 'main',
  quantity: 5,
  expected_gain: 12.5,
  reason: 'Move 5 units from shop to main.',
  accepted_as: null,
}

beforeEach(() => {
  server = signedIn()
    .on('GET /planning/purchase-list/summary', () => json(summary))
    .on('GET /planning/purchase-list', () =>
      json({ plan, items: [mug, cup, jug], next_cursor: null }),
    )
    .on('GET /planning/transfers', () => json({ plan, items: [move], next_cursor: null }))
})

const rowOf = (name: RegExp) => screen.findByRole('row', { name })

it('shows what to order with its reason, what it comes to, and what stands against the rest', async () => {
  open('/insights/planning')
  const row = await rowOf(/Mug/)
  expect(row).toHaveTextContent('Order 48. 60 are there; 68 are expected.')
  expect(row).toHaveTextContent('€168.00')
  expect(row).toHaveTextContent('28 d')
  const figures = screen.getByRole('group', { name: 'Figures' })
  expect(figures).toHaveTextContent('€250.00')
  expect(figures).toHaveTextContent('0.50')
  expect(screen.getByText(/1 line cannot be ordered/)).toBeVisible()
  expect(await rowOf(/Jug/)).toHaveTextContent('No supplier')
  expect(screen.getByLabelText('Choose Jug in main')).toBeDisabled()
})

it('before there is a plan it says what a plan needs, and makes one', async () => {
  let isMade = false
  const none = () => problem(409, 'Conflict', 'There is no plan yet.', 'no_plan')
  server
    .on('GET /planning/purchase-list/summary', () => (isMade ? json(summary) : none()))
    .on('POST /planning/plans', () => {
      isMade = true
      return json(plan, 201)
    })
  open('/insights/planning')
  expect(await screen.findByText('Nothing is planned yet')).toBeVisible()
  expect(screen.getByText('tradewind forecast train')).toBeVisible()
  await userEvent.click(await screen.findByRole('button', { name: 'Make a plan' }))
  expect(await rowOf(/Mug/)).toBeVisible()
})

it('another quantity shows what it would do before it is kept, and can go back to the planned one', async () => {
  let kept = 48
  server
    .on('GET /planning/purchase-list', () =>
      json({ plan, items: [{ ...mug, quantity: kept }], next_cursor: null }),
    )
    .on('GET /planning/purchase-list/1', ({ url }) => {
      const quantity = Number(url.searchParams.get('quantity'))
      return quantity % 12
        ? problem(422, 'Invalid', `MUG: ${quantity} cannot be ordered. It comes in packs of 12.`)
        : json({ ...mug, quantity, cost: quantity * 3.5, days_of_cover_with_order: 22 })
    })
    .on('PATCH /planning/purchase-list/1', ({ body }) => {
      kept = (body as { quantity: number }).quantity
      return json({ ...mug, quantity: kept })
    })
  open('/insights/planning')
  const field = await screen.findByLabelText('Units of Mug to order in main')
  await userEvent.clear(field)
  await userEvent.type(field, '25')
  expect((await screen.findAllByText(/packs of 12/))[0]).toBeInTheDocument()
  expect(server.written).toHaveLength(0)
  await userEvent.clear(field)
  await userEvent.type(field, '24')
  await waitFor(async () => expect(await rowOf(/Mug/)).toHaveTextContent('€84.00'))
  expect(await rowOf(/Mug/)).toHaveTextContent('22 d')
  await userEvent.keyboard('{Enter}')
  expect(await screen.findByRole('button', { name: 'planned 48' })).toBeVisible()
  expect(server.written[0]?.body).toEqual({ quantity: 24 })
  await userEvent.click(screen.getByRole('button', { name: 'planned 48' }))
  await waitFor(() => expect(kept).toBe(48))
})

it('chosen lines are shown as documents, accepted, opened and taken back', async () => {
  server
    .on('POST /planning/purchase-list/accept', ({ url }) =>
      url.searchParams.get('dry_run') === 'true'
        ? json({
            plan_id: 'plan1',
            is_dry_run: true,
            documents: [{ ...order, document_id: null, number: null }],
          })
        : json({ plan_id: 'plan1', is_dry_run: false, documents: [order] }),
    )
    .on('POST /planning/purchase-list/take-back', () =>
      json({ plan_id: 'plan1', document_id: 'po1', lines: 1 }),
    )
  open('/insights/planning')
  await userEvent.click(await screen.findByLabelText('Choose Mug in main'))
  expect(screen.getByText(/1 line/, { selector: '[role=status] *' })).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Accept…' }))
  const sheet = await screen.findByRole('dialog', { name: 'Accept 1 line' })
  expect(await within(sheet).findByText(/48 units/)).toHaveTextContent('expected')
  expect(sheet).toHaveTextContent('€168.00')
  await userEvent.click(within(sheet).getByRole('button', { name: 'Draft the purchase orders' }))
  const link = await screen.findByRole('link', { name: 'Open PO-00001' })
  expect(link).toHaveAttribute('href', '/purchasing/po1')
  const accepted = server.written.filter(({ url }) => !url.search)[0]
  expect(accepted?.body).toEqual({
    plan_id: 'plan1',
    lines: [{ line_no: 1 }],
    transfers: [],
    send: false,
  })
  expect(accepted?.key).toBeTruthy()
  await userEvent.click(screen.getByRole('button', { name: 'Take back' }))
  await waitFor(() =>
    expect(server.written.at(-1)?.body).toEqual({ plan_id: 'plan1', document_id: 'po1' }),
  )
})

it('filters by supplier and place in the address and in the question', async () => {
  open('/insights/planning')
  await rowOf(/Mug/)
  await userEvent.selectOptions(screen.getByLabelText('Supplier'), 's1')
  expect(address()).toBe('/insights/planning?supplier=s1')
  await waitFor(() =>
    expect(
      server.asked.some(
        ({ pathname, searchParams }) =>
          pathname === '/api/v1/planning/purchase-list' && searchParams.get('supplier_id') === 's1',
      ),
    ).toBe(true),
  )
  await userEvent.click(screen.getByRole('button', { name: 'Stop filtering by The Potter' }))
  expect(address()).toBe('/insights/planning')
})

it('a changed file is looked at first; what is refused is told, and nothing is changed', async () => {
  server.on('POST /planning/purchase-list/edits', ({ url }) =>
    json({
      plan_id: 'plan1',
      is_applied: url.searchParams.get('dry_run') !== 'true',
      rows: 3,
      changed: 1,
      problems: 0,
      edits: [{ row: 2, line_no: 1, sku: 'MUG', before: 48, after: 36, problem: null }],
    }),
  )
  open('/insights/planning')
  await rowOf(/Mug/)
  await userEvent.click(screen.getByRole('button', { name: 'As a file' }))
  const file = new File(['plan_id,line_no,quantity\nplan1,1,36\n'], 'list.csv', {
    type: 'text/csv',
  })
  const input = document.querySelector<HTMLInputElement>('input[type=file]')
  await userEvent.upload(input ?? document.body, file)
  expect(await screen.findByText(/Nothing is changed yet/)).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Change 1 line' }))
  expect(await screen.findByText(/^Changed:/)).toBeVisible()
  server.on('POST /planning/purchase-list/edits', () =>
    json({
      plan_id: 'plan1',
      is_applied: false,
      rows: 3,
      changed: 0,
      problems: 1,
      edits: [
        {
          row: 2,
          line_no: 1,
          sku: 'MUG',
          before: 48,
          after: 37,
          problem: 'It comes in packs of 12.',
        },
      ],
    }),
  )
  await userEvent.upload(input ?? document.body, new File(['x'], 'wrong.csv'))
  expect(await screen.findByText('It comes in packs of 12.')).toBeVisible()
  expect(screen.queryByRole('button', { name: /^Change / })).toBeNull()
})

it('moves between places are accepted as transfers', async () => {
  server.on('POST /planning/purchase-list/accept', () =>
    json({
      plan_id: 'plan1',
      is_dry_run: true,
      documents: [{ ...order, kind: 'transfer', cost: null, from_name: 'shop', document_id: null }],
    }),
  )
  open('/insights/planning?view=move')
  await userEvent.click(await screen.findByLabelText('Choose Cup from shop to main'))
  await userEvent.click(screen.getByRole('button', { name: 'Accept 1 move' }))
  const sheet = await screen.findByRole('dialog', { name: 'Accept 1 line' })
  expect(await within(sheet).findByText(/Transfer/, { selector: 'p' })).toBeVisible()
  expect(within(sheet).getByRole('button', { name: 'Draft the transfers' })).toBeEnabled()
})

it('the nine cells open their products', async () => {
  server
    .on('GET /planning/abc-xyz/matrix', () =>
      json({
        plan,
        cells: [
          { abc: 'A', xyz: 'X', products: 2, revenue: 900, revenue_share: 0.9, stock_value: 1500 },
          { abc: 'C', xyz: null, products: 1, revenue: 100, revenue_share: 0.1, stock_value: 20 },
        ],
        paces: [{ pace: 'dead', products: 1, stock_value: 20, excess_value: 20 }],
        without_cost: 0,
      }),
    )
    .on('GET /planning/abc-xyz', () => page([]))
    .on('GET /planning/slow-movers', () => page([]))
  open('/insights/planning?view=classes')
  const cell = await screen.findByRole('button', { name: /^AX: 2 90% of revenue/ })
  expect(cell).toHaveTextContent('€1.5k')
  await userEvent.click(cell)
  expect(address()).toBe('/insights/planning?view=classes&abc=A&xyz=X')
  await waitFor(() =>
    expect(server.asked.some(({ search }) => /abc=A.*xyz=X|xyz=X.*abc=A/.test(search))).toBe(true),
  )
  await userEvent.click(screen.getByRole('button', { name: /^Dead/ }))
  expect(address()).toBe('/insights/planning?view=classes&pace=dead')
})

it('a purchase order that lines became can be sent from its own page', async () => {
  const made = {
    purchase_order_id: 'po1',
    number: 'PO-00001',
    supplier_id: 's1',
    location_id: 'l1',
    status: 'draft',
    currency: 'EUR',
    expected_on: '2026-12-01',
    note: 'Plan of 2026-11-21',
    version: 1,
    ordered_at: null,
    created_at: '2026-11-21T09:00:00Z',
    lines: [
      {
        line_no: 1,
        product_id: 'p1',
        sku: 'MUG',
        name: 'Mug',
        quantity: 48,
        received: 0,
        unit_cost: 3.5,
        total: 168,
      },
    ],
  }
  server
    .on('GET /purchase-orders/po1', () => json(made))
    .on('GET /suppliers/s1', () => json({ supplier_id: 's1', name: 'The Potter' }))
    .on('POST /purchase-orders/po1/order', () => json({ ...made, status: 'ordered' }))
  open('/purchasing/po1')
  const lines = await screen.findByRole('table', { name: 'Lines of the purchase order' })
  expect(within(lines).getByRole('row', { name: /Mug/ })).toHaveTextContent('€168.00')
  expect(await screen.findByText('The Potter')).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'It is ordered' }))
  await waitFor(() => expect(server.written.at(-1)?.url.pathname).toMatch(/po1\/order$/))
  expect(server.written.at(-1)?.ifMatch).toBe('"1"')
})
