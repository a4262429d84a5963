import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it } from 'vitest'
import { aViewer, someProduct } from '@/test/fixtures'
import { address, open, signedIn } from '@/test/open'
import { json, page, problem, type TestServer } from '@/test/server'

let server: TestServer
const level = {
  product_id: 'p1',
  sku: 'MUG',
  name: 'Blue mug',
  location_id: 'l1',
  location: 'main',
  on_hand: 10,
  reserved: 2,
  available: 8,
  inbound: 0,
  reorder_point: null,
  is_counted: true,
  updated_at: '2026-11-20T00:00:00Z',
}
const facets = {
  hits: 2,
  is_complete: true,
  categories: [{ value: 'k1', label: 'Kitchen', hits: 2 }],
  brands: [{ value: 'Lunavik', label: 'Lunavik', hits: 2 }],
  prices: [],
  attributes: {},
}
const found = (changes: object = {}) =>
  json({
    items: [{ ...someProduct(), marked_name: 'Blue <mark>mug</mark>', excerpt: null }],
    next_cursor: null,
    corrected: {},
    facets,
    ...changes,
  })

beforeEach(() => {
  server = signedIn()
    .on('GET /products', () => page([someProduct()]))
    .on('GET /products/search', () => found())
    .on('GET /categories', () =>
      json({
        items: [
          { category_id: 'k1', parent_id: null, name: 'Kitchen', path: 'Kitchen', products: 2 },
        ],
      }),
    )
    .on('GET /products/p1', () => json(someProduct()))
    .on('GET /products/p1/price-history', () =>
      page([
        { currency: 'EUR', old_price: 12, new_price: 10, changed_at: '2026-11-10T00:00:00Z' },
        { currency: 'EUR', old_price: null, new_price: 12, changed_at: '2026-10-01T00:00:00Z' },
      ]),
    )
    .on('GET /inventory/products/p1', () => json({ items: [level] }))
    .on('GET /inventory/movements', () => page([]))
    .on('GET /inventory/locations', () =>
      page([
        {
          location_id: 'l1',
          code: 'main',
          name: 'Main warehouse',
          kind: 'warehouse',
          channel_id: null,
          is_active: true,
          created_at: '2026-10-01T00:00:00Z',
        },
      ]),
    )
})

it('the list shows prices with what must stand beside a lowered one', async () => {
  open('/products')
  const row = await screen.findByRole('row', { name: /Blue mug/ })
  expect(row).toHaveTextContent('€10.00')
  expect(row).toHaveTextContent('30 days: €9.50')
  expect(screen.getByRole('link', { name: 'Blue mug' })).toHaveAttribute('href', '/products/p1')
})

it('what is typed is searched, marked, and stands in the address; mistypes are told', async () => {
  server.on('GET /products/search', () => found({ corrected: { mgu: ['mug'] } }))
  open('/products')
  await screen.findByRole('row', { name: /Blue mug/ })
  await userEvent.type(screen.getByLabelText('Search products'), 'mgu')
  await waitFor(() => expect(address()).toBe('/products?q=mgu'))
  expect(await screen.findByText(/Nothing holds “mgu”/)).toHaveTextContent('mug')
  expect(await screen.findByText('mug', { selector: 'mark' })).toBeVisible()
  expect(screen.getByLabelText('Order of the list')).toBeDisabled()
})

it('facets count what a choice would find, and filter', async () => {
  open('/products')
  await screen.findByRole('row', { name: /Blue mug/ })
  await userEvent.click(screen.getByRole('button', { name: 'Brand' }))
  await userEvent.click(await screen.findByRole('checkbox', { name: /Lunavik/ }))
  await waitFor(() => expect(address()).toBe('/products?brand=Lunavik'))
  await waitFor(() =>
    expect(
      server.asked.some(
        ({ pathname, searchParams }) =>
          pathname === '/api/v1/products' && searchParams.get('brand') === 'Lunavik',
      ),
    ).toBe(true),
  )
})

it('saves what was changed, over the version that was read', async () => {
  server.on('PATCH /products/p1', ({ body }) =>
    json({ ...someProduct({ version: 8 }), ...(body as object) }),
  )
  open('/products/p1')
  const name = await screen.findByLabelText('Name')
  expect(screen.getByRole('button', { name: 'Save' })).toBeDisabled()
  await userEvent.clear(name)
  await userEvent.type(name, 'Red mug')
  await userEvent.click(screen.getByRole('button', { name: 'Save' }))
  expect(await screen.findByText('The product is saved.')).toBeVisible()
  expect(server.written[0]).toMatchObject({ body: { name: 'Red mug' }, ifMatch: '"7"' })
})

it('two people’s changes are set side by side, and mine goes over theirs only when I say so', async () => {
  let now = someProduct()
  server
    .on('GET /products/p1', () => json(now))
    .on('PATCH /products/p1', ({ ifMatch, body }) =>
      ifMatch === `"${now.version}"`
        ? json({ ...now, ...(body as object), version: now.version + 1 })
        : problem(409, 'Changed meanwhile', 'It is at version 8.', 'changed_meanwhile'),
    )
  open('/products/p1')
  const name = await screen.findByLabelText('Name')
  await userEvent.clear(name)
  await userEvent.type(name, 'My mug')
  now = someProduct({ name: 'Their mug', brand: 'Theirs', version: 8 })
  await userEvent.click(screen.getByRole('button', { name: 'Save' }))
  const told = await screen.findByRole('table', { name: /What they changed/ })
  expect(within(told).getByRole('row', { name: /Name Their mug My mug/ })).toBeVisible()
  expect(within(told).getByRole('row', { name: /Brand Theirs not changed/ })).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Save mine over theirs' }))
  expect(await screen.findByText('The product is saved.')).toBeVisible()
  expect(server.written.at(-1)).toMatchObject({ body: { name: 'My mug' }, ifMatch: '"8"' })
  expect(screen.getByLabelText('Brand')).toHaveValue('Theirs')
})

it('what the server refuses is said at the field', async () => {
  server.on('PATCH /products/p1', () =>
    json(
      {
        title: 'Not valid',
        status: 422,
        detail: 'The SKU is taken.',
        code: 'sku_taken',
        errors: [{ field: 'sku', message: 'Blue plate has it.' }],
        request_id: 'r',
      },
      422,
    ),
  )
  open('/products/p1')
  const sku = await screen.findByLabelText('SKU')
  await userEvent.type(sku, '2')
  await userEvent.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(sku).toHaveAccessibleDescription('Blue plate has it.'))
  expect(sku).toBeInvalid()
  expect(sku).toHaveValue('MUG2')
})

it('shows stock by location, and books a count as the difference, with what was believed', async () => {
  server.on('POST /inventory/adjust', () => json({ ...level, on_hand: 7 }))
  open('/products/p1')
  const stock = await screen.findByRole('region', { name: 'Stock' })
  expect(await within(stock).findByRole('row', { name: /Main warehouse/ })).toHaveTextContent('8')
  await userEvent.click(within(stock).getByRole('button', { name: 'Adjust' }))
  const dialog = screen.getByRole('dialog')
  await userEvent.type(within(dialog).getByLabelText('Counted'), '7')
  await userEvent.click(within(dialog).getByRole('button', { name: 'Book −3' }))
  expect(await screen.findByText('7 on hand at main now.')).toBeVisible()
  expect(server.written[0]?.body).toEqual({
    product_id: 'p1',
    location_id: 'l1',
    delta: -3,
    reason: 'count',
    expected_on_hand: 10,
    note: null,
  })
})

it('the history of prices stands beside the price', async () => {
  open('/products/p1')
  const history = await screen.findByRole('region', { name: 'Price history' })
  expect(await within(history).findByText('Between €10.00 and €12.00')).toBeVisible()
  expect(screen.getByRole('region', { name: 'Prices' })).toHaveTextContent(
    'Lowest price of the 30 days before: €9.50',
  )
})

it('who may only look cannot type, and is told why', async () => {
  server.me = aViewer
  open('/products/p1')
  expect(await screen.findByLabelText('Name')).toBeDisabled()
  expect(screen.getByRole('button', { name: 'Save' })).toHaveAccessibleDescription(
    /As viewer you may not change products/,
  )
})

it('a new product needs a name and a SKU, and leads to its own page', async () => {
  server.on('POST /products', () => json(someProduct(), 201))
  open('/products/new')
  await userEvent.click(await screen.findByRole('button', { name: 'Make the product' }))
  expect(screen.getByLabelText('Name')).toBeInvalid()
  expect(server.written).toEqual([])
  await userEvent.type(screen.getByLabelText('Name'), 'Blue mug')
  await userEvent.type(screen.getByLabelText('SKU'), 'MUG')
  await userEvent.type(screen.getByLabelText('Price'), '10,00')
  await userEvent.click(screen.getByRole('button', { name: 'Make the product' }))
  await waitFor(() => expect(address()).toBe('/products/p1'))
  expect(server.written[0]?.body).toMatchObject({
    kind: 'good',
    name: 'Blue mug',
    sku: 'MUG',
    price: '10.00',
    currency: 'EUR',
    status: 'draft',
  })
})

it('an import is looked at first, and done only when somebody says so', async () => {
  const report = { rows: 3, created: 1, changed: 1, unchanged: 0, refused: 1 }
  const errors = [{ row: 3, sku: 'X', field: 'price', message: 'The price is no amount.' }]
  server.on('POST /products/import', ({ url }) =>
    json({ ...report, is_dry_run: url.searchParams.get('dry_run') === 'true', errors }),
  )
  open('/products/files')
  const file = new File(['sku,name\r\n'], 'products.csv', { type: 'text/csv' })
  await screen.findByRole('button', { name: 'Choose a file' })
  await userEvent.upload(screen.getByLabelText('File with products'), file)
  expect(await screen.findByText(/Nothing is changed yet/)).toBeVisible()
  expect(screen.getByRole('row', { name: /The price is no amount/ })).toHaveTextContent('X')
  expect(server.written[0]?.url.search).toBe('?format=csv&dry_run=true')
  await userEvent.click(screen.getByRole('button', { name: 'Import 2 products' }))
  expect(await screen.findByText(/This is what was done/)).toBeVisible()
  expect(server.written[1]?.url.search).toBe('?format=csv&dry_run=false')
  expect(server.written[1]?.key).not.toBe(server.written[0]?.key)
})
