import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it, vi } from 'vitest'
import { aViewer, someOrderRow } from '@/test/fixtures'
import { address, open, signedIn } from '@/test/open'
import { someAddress, someCustomer, someCustomerRow } from '@/test/people'
import { json, page, problem, type TestServer } from '@/test/server'

let server: TestServer

const GROUPS = ['vip', 'press'].map((code) => ({
  code,
  name: code.toUpperCase(),
  members: 2,
  created_at: '2026-01-01T00:00:00Z',
}))

beforeEach(() => {
  server = signedIn()
    .on('GET /customers', () => page([someCustomerRow()]))
    .on('GET /customer-groups', () => page(GROUPS))
    .on('GET /customers/c1', () => json(someCustomer()))
    .on('GET /customers/c1/orders', () => page([someOrderRow()]))
})

const sheet = () => screen.getByRole('dialog')
const lastAsked = (path: string) =>
  server.asked.findLast(({ pathname }) => pathname === `/api/v1${path}`)
async function more(name: RegExp) {
  await userEvent.click(await screen.findByRole('button', { name: 'More' }))
  await userEvent.click(await screen.findByRole('menuitem', { name }))
}

it('lists people, each leading to their own page; the address is what the API is asked', async () => {
  open('/customers?q=ada&group=vip&channel=own&country=de')
  const link = await screen.findByRole('link', { name: 'Ada Example' })
  expect(link).toHaveAttribute('href', '/customers/c1')
  expect(screen.getByRole('row', { name: /Ada Example/ })).toHaveTextContent('Berlin, Germany')
  expect(Object.fromEntries(lastAsked('/customers')?.searchParams ?? [])).toEqual({
    q: 'ada',
    group: 'vip',
    channel: 'own',
    country: 'DE',
    limit: '50',
  })
  await userEvent.click(await screen.findByRole('button', { name: 'Stop filtering by VIP' }))
  await waitFor(() => expect(address()).toBe('/customers?q=ada&channel=own&country=DE'))
})

it('of a filter one value counts: another takes its place', async () => {
  open('/customers?group=vip')
  await screen.findByRole('link', { name: 'Ada Example' })
  await userEvent.click(screen.getByRole('button', { name: /^Group/ }))
  await userEvent.click(await screen.findByRole('checkbox', { name: /PRESS/ }))
  await waitFor(() => expect(address()).toBe('/customers?group=press'))
})

it('says why nobody is there, and the way out', async () => {
  server.on('GET /customers', () => page([]))
  open('/customers?q=zoe')
  expect(await screen.findByText(/holds “zoe”/)).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Clear the filters' }))
  expect(await screen.findByText('No customers yet')).toBeVisible()
})

it('is neither in the bar nor to be seen for who may not see people', async () => {
  server.me = aViewer
  open('/customers')
  expect(await screen.findByText('Not for everybody')).toBeVisible()
  expect(screen.queryByRole('link', { name: 'Customers' })).toBeNull()
  expect(lastAsked('/customers')).toBeUndefined()
})

it('adds somebody', async () => {
  server.on('POST /customers', ({ body }) => json({ ...someCustomer(), ...(body as object) }, 201))
  open('/customers?new=1')
  await userEvent.click(await screen.findByRole('button', { name: 'Add the customer' }))
  expect(await screen.findByText('A name or an e-mail address is needed.')).toBeVisible()
  await userEvent.type(within(sheet()).getByLabelText('E-mail'), 'grace@example.com')
  await userEvent.click(screen.getByRole('button', { name: 'Add the customer' }))
  await waitFor(() => expect(address()).toBe('/customers/c1'))
  expect(server.written[0]?.body).toEqual({ email: 'grace@example.com' })
})

it('shows what somebody bought by currency, where they live, and what they agreed to', async () => {
  open('/customers/c1')
  const spent = await screen.findByRole('region', { name: 'Spent' })
  expect(spent).toHaveTextContent('€200.00')
  expect(spent).toHaveTextContent('4 orders, €50.00 each · 1 more pending')
  expect(spent).toHaveTextContent('US$30.50')
  expect(screen.getByRole('region', { name: 'Consent' })).toHaveTextContent('NewsletterAgreed')
  expect(screen.getByRole('region', { name: 'Addresses' })).toHaveTextContent('Main Street 1')
  expect(await screen.findByRole('link', { name: 'TW-1001' })).toHaveAttribute('href', '/orders/o1')
  expect(await screen.findByText('VIP')).toBeVisible()
})

it('who was overtaken while editing sees both changes and chooses', async () => {
  let current = someCustomer()
  server
    .on('GET /customers/c1', () => json(current))
    .on('PATCH /customers/c1', ({ ifMatch, body }) =>
      ifMatch === `"${current.version}"`
        ? json({ ...current, ...(body as object), version: current.version + 1 })
        : problem(409, 'Changed meanwhile', 'It is at version 4.', 'changed_meanwhile'),
    )
  open('/customers/c1')
  const city = await screen.findByLabelText('City')
  await userEvent.clear(city)
  await userEvent.type(city, 'Bremen')
  current = someCustomer({ city: 'Hamburg', version: 4 })
  await userEvent.click(screen.getByRole('button', { name: 'Save' }))
  const told = await screen.findByRole('table', { name: /What they changed/ })
  expect(within(told).getByRole('row', { name: 'City Hamburg Bremen' })).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Save mine over theirs' }))
  expect(await screen.findByText('The customer is saved.')).toBeVisible()
  expect(server.written.map(({ ifMatch }) => ifMatch)).toEqual(['"3"', '"4"'])
  expect(server.written[1]?.body).toEqual({ city: 'Bremen' })
})

it('a merge shows what moves before it is done', async () => {
  server
    .on('GET /customers', () =>
      page([someCustomerRow(), someCustomerRow({ customer_id: 'c2', name: 'A. Example' })]),
    )
    .on('GET /customers/c2', () =>
      json(someCustomer({ customer_id: 'c2', name: 'A. Example', phone: '123' })),
    )
    .on('GET /reviews', () => page([{}, {}]))
    .on('POST /customers/c1/merge', () => json(someCustomer({ version: 4 })))
  open('/customers/c1')
  await more(/Merge a duplicate/)
  const act = within(sheet()).getByRole('button', { name: 'Merge them' })
  expect(act).toBeDisabled()
  expect(within(sheet()).queryByRole('radio', { name: /^Ada Example/ })).toBeNull()
  await userEvent.click(await within(sheet()).findByRole('radio', { name: /A. Example/ }))
  expect(await within(sheet()).findByText(/6 orders, 1 address/)).toHaveTextContent('2 reviews')
  expect(sheet()).toHaveTextContent('learns: Phone 123')
  expect(sheet()).toHaveTextContent('Name “A. Example”, since Ada Example has “Ada Example”')
  await userEvent.click(act)
  expect(await screen.findByText('Both are Ada Example now.')).toBeVisible()
  expect(server.written[0]).toMatchObject({ body: { duplicate_id: 'c2' }, ifMatch: '"3"' })
})

it('forgets somebody only when asked twice, and says why it did not', async () => {
  server.on('POST /customers/c1/erase', ({ body }) =>
    (body as { despite_open_orders: boolean }).despite_open_orders
      ? json({
          profiles: 1,
          addresses: 2,
          orders: 5,
          carts: 0,
          reviews: 1,
          mails: 3,
          audit_entries: 4,
        })
      : problem(409, 'Open orders', 'Orders are still to be sent: TW-1001.', 'open_orders'),
  )
  open('/customers/c1')
  await more(/Forget who this is/)
  expect(sheet()).toHaveTextContent('What stays')
  const act = within(sheet()).getByRole('button', { name: 'Forget for good' })
  expect(act).toBeDisabled()
  await userEvent.click(within(sheet()).getByLabelText(/cannot be undone/))
  await userEvent.click(act)
  expect(await within(sheet()).findByText('Orders are still to be sent: TW-1001.')).toBeVisible()
  expect(act).toBeDisabled()
  await userEvent.click(within(sheet()).getByLabelText(/orders still to be sent/))
  await userEvent.click(act)
  expect(await screen.findByText(/gone from 1 profile, 2 addresses, 5 orders/)).toBeVisible()
})

it('hands out all that is held about a person', async () => {
  URL.createObjectURL = vi.fn(() => 'blob:x')
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined)
  server.on('GET /customers/c1/export', () => new Response('{}'))
  open('/customers/c1')
  await userEvent.click(await screen.findByRole('button', { name: 'Export their data' }))
  expect(await screen.findByText(/is in your downloads/)).toBeVisible()
  expect(click).toHaveBeenCalledOnce()
})

it('addresses, groups and consents change over the version that was seen', async () => {
  server
    .on('PUT /customers/c1/addresses/a1', () => json(someAddress()))
    .on('DELETE /customer-groups/vip/members/c1', () => new Response(null, { status: 204 }))
    .on('PUT /customer-groups/press/members/c1', () => new Response(null, { status: 204 }))
    .on('POST /customers/c1/consents', ({ body }) =>
      json({ ...(body as object), at: '2026-11-21T00:00:00Z' }, 201),
    )
  open('/customers/c1')
  await userEvent.click(await screen.findByRole('button', { name: 'Change Main Street 1' }))
  const street = within(sheet()).getByLabelText('Street and number')
  await userEvent.clear(street)
  await userEvent.click(within(sheet()).getByRole('button', { name: 'Save the address' }))
  expect(await screen.findByText('A street with its number.')).toBeVisible()
  await userEvent.type(street, 'Side Street 2')
  await userEvent.click(within(sheet()).getByRole('button', { name: 'Save the address' }))
  expect(await screen.findByText('The address is saved.')).toBeVisible()

  await userEvent.click(await screen.findByRole('button', { name: 'Take out of VIP' }))
  expect(await screen.findByText('Taken out of VIP.')).toBeVisible()
  await userEvent.selectOptions(screen.getByLabelText('Put into a group'), 'press')
  expect(await screen.findByText('Put into PRESS.')).toBeVisible()

  await userEvent.click(screen.getByRole('button', { name: /^Withdraw/ }))
  await userEvent.type(within(sheet()).getByLabelText('How we know'), 'Call')
  await userEvent.click(within(sheet()).getByRole('button', { name: 'Note it' }))
  expect(await screen.findByText('Newsletter: withdrawn, it is noted.')).toBeVisible()
  expect(server.written.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
    'PUT /api/v1/customers/c1/addresses/a1',
    'DELETE /api/v1/customer-groups/vip/members/c1',
    'PUT /api/v1/customer-groups/press/members/c1',
    'POST /api/v1/customers/c1/consents',
  ])
  expect(server.written[0]).toMatchObject({ body: { line1: 'Side Street 2' }, ifMatch: '"3"' })
  expect(server.written[3]).toMatchObject({
    body: { purpose: 'newsletter', is_granted: false, source: 'Call' },
    ifMatch: '"3"',
  })
})

it('a merged or forgotten profile says so and takes no changes', async () => {
  server.on('GET /customers/c1', () => json(someCustomer({ merged_into_id: 'c9' })))
  open('/customers/c1')
  const way = await screen.findByRole('link', { name: 'the profile it was merged into' })
  expect(way).toHaveAttribute('href', '/customers/c9')
  expect(screen.getByRole('button', { name: 'Save' })).toHaveAttribute('aria-disabled', 'true')
})
