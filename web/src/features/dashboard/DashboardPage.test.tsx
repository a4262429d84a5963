import { render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, it } from 'vitest'
import { App } from '@/App'
import { session } from '@/features/session/session'
import { noSales, someFilters, someMetrics } from '@/test/fixtures'
import { json, problem, TestServer, TestSocket } from '@/test/server'

let server: TestServer

function open(address = '/') {
  window.history.replaceState(null, '', address)
  render(<App />)
}

const address = () => window.location.pathname + window.location.search
/** A key figure's name as read aloud; jsdom puts a space before the minor unit, browsers do not. */
const figure = (label: string, amount: string) =>
  new RegExp(`^${label} ${amount.replace('.', ' ?[.]')}`)
const card = (name: string) => screen.getByRole('region', { name })

beforeEach(() => {
  session.signOut()
  sessionStorage.setItem('tradewind.refresh', 'r')
  server = new TestServer().start()
})

describe('while loading', () => {
  it('every card is there, without figures', async () => {
    const never = () => new Promise<Response>(() => undefined)
    server.metrics = never
    server.on('GET /live/grid', never).on('GET /live/sales', never)
    open()
    for (const name of ['Revenue', 'Channels', 'Top products', 'Countries', 'Low stock']) {
      expect(await screen.findByRole('region', { name })).toBeVisible()
    }
    expect(screen.queryByText(/€/)).toBeNull()
  })
})

describe('filled', () => {
  it('shows the figures of the API to the cent, each with its change', async () => {
    open()
    const revenue = await screen.findByRole('button', { name: figure('Revenue', '€125,430.50') })
    expect(revenue).toHaveAccessibleName(/up 12\.2% from €111,830\.20/)
    expect(
      screen.getByRole('button', { name: figure('Average order', '€100.59') }),
    ).toHaveAccessibleName(/down 1\.1%/)
    expect(screen.getByRole('button', { name: /^Orders 1,247/ })).toBeVisible()
  })

  it('calls a channel without a past new, never infinitely better', async () => {
    open()
    const walmart = await screen.findByRole('button', { name: /^Walmart/ })
    expect(walmart).toHaveTextContent('€15,430.50')
    expect(walmart).toHaveTextContent('new')
  })

  it('says what the totals leave out', async () => {
    server.shows(someMetrics({ unconverted: [{ currency: 'GBP', revenue: 4210, orders: 38 }] }))
    open()
    await userEvent.click(await screen.findByRole('button', { name: 'Without sales in GBP' }))
    const notice = screen.getByRole('dialog')
    expect(notice).toHaveTextContent('£4,210.00')
    expect(notice).toHaveTextContent('38 orders')
  })

  it('shows the trend as a table of the same values', async () => {
    open()
    await userEvent.click(await screen.findByRole('button', { name: 'Show as table' }))
    const rows = within(screen.getByRole('table', { name: 'Revenue by day' })).getAllByRole('row')
    expect(rows).toHaveLength(31)
    expect(rows[1]).toHaveTextContent('Sat, 21 Nov 2026 so far€4,029.00')
  })

  it('speaks the value under the cursor', async () => {
    open()
    const chart = await screen.findByRole('slider')
    chart.focus()
    await userEvent.keyboard('{Home}{ArrowRight}')
    expect(chart).toHaveAttribute(
      'aria-valuetext',
      'Sat, 24 Oct 2026: €4,001.00, 24 Sept €3,500.00',
    )
  })
})

describe('empty', () => {
  it('for want of any order says how to get some', async () => {
    server.shows(noSales(), someFilters({ first_day: null, channels: [] }))
    open()
    expect(await screen.findByText('No orders yet')).toBeVisible()
    expect(screen.getByText('tradewind up --demo')).toBeVisible()
  })

  it('because of filters offers to clear them', async () => {
    server.shows(noSales())
    open('/?range=7d&country=DE')
    await userEvent.click(await screen.findByRole('button', { name: 'Clear the filters' }))
    expect(address()).toBe('/?range=7d')
  })

  it('because of the range offers a wider one', async () => {
    server.shows(noSales())
    open('/?range=7d')
    expect(await screen.findByText('No orders in these days')).toBeVisible()
    await userEvent.click(screen.getByRole('button', { name: 'Show all since 21 Nov 2024' }))
    expect(address()).toBe('/?range=2024-11-21..2026-11-21')
  })

  it('because all orders are old leads to where they are', async () => {
    const freshness = {
      newest_fact_at: '2018-10-17T15:30:18Z',
      age_seconds: 9,
      backlog: 0,
      sources: [],
    }
    server.shows(noSales({ freshness }), someFilters({ first_day: '2016-09-04' }))
    open()
    const newest = { name: 'Show the newest, 20 Jul – 17 Oct 2018' }
    await userEvent.click(await screen.findByRole('button', newest))
    expect(address()).toBe('/?range=2018-07-20..2018-10-17')
  })

  it('has no average order rather than one of zero', async () => {
    server.shows(noSales())
    open()
    expect(await screen.findByRole('button', { name: /^Average order –/ })).toBeVisible()
  })
})

describe('failed', () => {
  it('at first says what happened, and tries again when asked', async () => {
    server.metrics = () => problem(422, 'This range can’t be read', 'to must be after from.')
    open()
    const alert = await screen.findByRole('alert')
    expect(alert).toHaveTextContent('This range can’t be read')
    expect(alert).toHaveTextContent('to must be after from.')
    expect(alert).toHaveTextContent('r1')
    server.shows(someMetrics())
    await userEvent.click(within(alert).getByRole('button', { name: /Try again/ }))
    expect(
      await screen.findByRole('button', { name: figure('Revenue', '€125,430.50') }),
    ).toBeVisible()
  })

  it('later keeps the old figures and says so', async () => {
    open()
    await screen.findByRole('button', { name: figure('Revenue', '€125,430.50') })
    server.metrics = () => problem(422, 'No answer', 'The warehouse is busy.')
    await userEvent.keyboard('7')
    expect(await screen.findByRole('alert')).toHaveTextContent('The warehouse is busy.')
    expect(screen.getByRole('button', { name: figure('Revenue', '€125,430.50') })).toBeVisible()
    expect(address()).toBe('/?range=7d')
  })
})

describe('the address', () => {
  it('is what the API is asked', async () => {
    open(
      '/?range=2026-10-01..2026-10-31&grain=week&channel=amazon,shopify&category=Toys%2C%20Games',
    )
    await screen.findByRole('button', { name: /^Revenue €/ })
    const asked = server.asked.filter((url) => url.pathname.endsWith('/metrics')).at(-1)
    expect(asked?.searchParams.get('from')).toBe('2026-10-01')
    expect(asked?.searchParams.get('to')).toBe('2026-11-01')
    expect(asked?.searchParams.get('grain')).toBe('week')
    expect(asked?.searchParams.getAll('channel')).toEqual(['amazon', 'shopify'])
    expect(asked?.searchParams.getAll('category')).toEqual(['Toys, Games'])
  })

  it('follows a click on a row, and Back undoes it', async () => {
    open()
    await userEvent.click(await screen.findByRole('button', { name: /^Amazon/ }))
    expect(address()).toBe('/?channel=amazon')
    window.history.back()
    await waitFor(() => expect(address()).toBe('/'))
  })

  it('follows the keyboard, but not while somebody types', async () => {
    server.shows(
      someMetrics(),
      someFilters({ countries: ['DE', 'FR', 'IT', 'ES', 'AT', 'BE', 'NL', 'PL', 'SE'] }),
    )
    open()
    await screen.findByRole('button', { name: /^Revenue €/ })
    await userEvent.keyboard('9')
    expect(address()).toBe('/?range=90d')
    await userEvent.keyboard('x')
    expect(address()).toBe('/?range=90d&compare=none')
    await userEvent.keyboard('3x')
    expect(address()).toBe('/')
    await userEvent.click(screen.getByRole('button', { name: 'Country' }))
    await userEvent.type(await screen.findByRole('searchbox'), 'x7')
    expect(address()).toBe('/')
  })

  it('without comparison shows none', async () => {
    open('/?compare=none')
    const revenue = await screen.findByRole('button', { name: /^Revenue €/ })
    expect(revenue).not.toHaveTextContent('111,830')
    expect(card('Revenue')).not.toHaveTextContent('Period before')
  })
})

describe('live', () => {
  it('figures follow the socket, and the light says so', async () => {
    open()
    await screen.findByRole('button', { name: figure('Revenue', '€125,430.50') })
    TestSocket.last.goesLive(someMetrics({ total_revenue: 125500, as_of: '2026-11-21T10:00:05Z' }))
    expect(screen.getByRole('button', { name: figure('Revenue', '€125,500.00') })).toBeVisible()
    expect(screen.getByText('Updates: Live')).toBeInTheDocument()
    TestSocket.last.breaks()
    expect(screen.getByText('Updates: Reconnecting')).toBeInTheDocument()
  })

  it('an older document does not turn the page back', async () => {
    open()
    await screen.findByRole('button', { name: figure('Revenue', '€125,430.50') })
    TestSocket.last.goesLive(someMetrics({ total_revenue: 1, as_of: '2026-11-21T09:00:00Z' }))
    expect(screen.getByRole('button', { name: figure('Revenue', '€125,430.50') })).toBeVisible()
  })

  it('a gap is filled by a fresh read', async () => {
    open()
    await screen.findByRole('button', { name: figure('Revenue', '€125,430.50') })
    TestSocket.last.goesLive(someMetrics())
    server.metrics = () =>
      json(someMetrics({ total_revenue: 130000, as_of: '2026-11-21T10:01:00Z' }))
    TestSocket.last.says({ type: 'heartbeat', seq: 4, at: '2026-11-21T10:01:00Z' })
    expect(
      await screen.findByRole('button', { name: figure('Revenue', '€130,000.00') }),
    ).toBeVisible()
  })

  it('pauses when asked', async () => {
    open()
    await screen.findByRole('button', { name: /^Revenue €/ })
    await userEvent.keyboard('p')
    expect(screen.getByText('Updates: Paused')).toBeInTheDocument()
  })
})

it('a session that the server has ended leads to the sign-in page and back', async () => {
  server.metrics = () => json({}, 401)
  server.filters = () => json({}, 401)
  const fetching = globalThis.fetch
  globalThis.fetch = (input, init) =>
    String(input).endsWith('/auth/refresh') ? Promise.resolve(json({}, 401)) : fetching(input, init)
  open('/?range=7d')
  expect(await screen.findByText(/Your session has ended/)).toBeVisible()
  expect(address()).toBe('/login?next=%2F%3Frange%3D7d&ended=1')
})
