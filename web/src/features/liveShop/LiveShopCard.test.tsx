import { render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it } from 'vitest'
import { App } from '@/App'
import { session } from '@/features/session/session'
import { someGrid, someGridProduct, someLiveSales, someMetrics } from '@/test/fixtures'
import { json, problem, TestServer, TestSocket } from '@/test/server'

let server: TestServer

beforeEach(() => {
  session.signOut()
  sessionStorage.setItem('tradewind.refresh', 'r')
  server = new TestServer().start()
})

async function open() {
  window.history.replaceState(null, '', '/')
  render(<App />)
  return within(await screen.findByRole('region', { name: 'Live shop' }))
}

const lastGrid = () => server.asked.filter((url) => url.pathname.endsWith('/live/grid')).at(-1)

it('says of each product what is left, what it sold this hour and whether it is trending', async () => {
  server.on('GET /live/grid', () =>
    json(
      someGrid([
        someGridProduct(),
        someGridProduct({
          product_id: 'g2',
          name: 'Tea strainer',
          available: 3,
          stock_status: 1,
          hits: 0,
          rank_status: null,
        }),
      ]),
    ),
  )
  const card = await open()
  const kettle = await card.findByRole('row', { name: /Enamel kettle/ })
  expect(kettle).toHaveTextContent(/Trending 🔥.*€39.50.*12.*240.*In stock/)
  const strainer = card.getByRole('row', { name: /Tea strainer/ })
  expect(strainer).toHaveTextContent('Almost out')
  expect(strainer).not.toHaveTextContent('Trending')
  expect(card.getByText('€1,738.00')).toBeVisible()
  expect(card.getByRole('listitem')).toHaveTextContent(/Enamel kettle.*shop.*€79.00.*2 units/)
})

it('asks for a category, for what is out of stock, and by price', async () => {
  const card = await open()
  await userEvent.selectOptions(await card.findByLabelText('Category'), 'Kitchen')
  await userEvent.click(card.getByLabelText('Out of stock too'))
  await userEvent.click(card.getByRole('button', { name: 'Price' }))
  await waitFor(() => {
    const asked = lastGrid()?.searchParams
    expect(asked?.get('category')).toBe('Kitchen')
    expect(asked?.get('show_out_of_stock')).toBe('true')
    expect(asked?.get('ranking')).toBe('price')
  })
})

it('moves when the figures move', async () => {
  const card = await open()
  await card.findByRole('row', { name: /Enamel kettle/ })
  server.on('GET /live/grid', () => json(someGrid([someGridProduct({ available: 238, hits: 14 })])))
  TestSocket.last.goesLive(someMetrics({ data_version: 1235, as_of: '2026-11-21T10:00:02Z' }))
  await waitFor(() => expect(card.getByText('238')).toBeVisible(), { timeout: 4000 })
})

it('says when nothing is on sale, and when nothing was sold', async () => {
  server.on('GET /live/grid', () => json(someGrid([])))
  server.on('GET /live/sales', () => json(someLiveSales({ totals: [], minutes: [] })))
  const card = await open()
  expect(await card.findByText('Nothing to sell here')).toBeVisible()
  expect(await card.findByText('Nothing was sold within this hour.')).toBeVisible()
})

it('keeps the dashboard when it is not there itself', async () => {
  server.on('GET /live/grid', () => problem(503, 'Unavailable', 'The live shop is not deployed.'))
  const card = await open()
  expect(await card.findByText('The live shop is not deployed.')).toBeVisible()
  expect(screen.getByRole('region', { name: 'Top products' })).toBeVisible()
})
