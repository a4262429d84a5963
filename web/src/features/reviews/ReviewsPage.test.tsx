import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it } from 'vitest'
import type { Review } from '@/client/api'
import { aViewer } from '@/test/fixtures'
import { address, open, signedIn } from '@/test/open'
import { json, page, problem, type TestServer } from '@/test/server'
import { readReviewsSearch, reviewsParams } from './filters'

function someReview(changes: Partial<Review> = {}): Review {
  return {
    review_id: 'r1',
    product_id: 'p1',
    product_name: 'Blue mug',
    sku: 'MUG',
    channel: 'shopify',
    customer_id: 'c1',
    order_id: 'o1',
    rating: 4,
    title: 'Keeps tea hot',
    comment: 'Still warm after two hours.',
    status: 'pending',
    is_verified: true,
    version: 1,
    reviewed_at: '2026-11-20T09:00:00Z',
    ...changes,
  }
}

const OTHER = someReview({ review_id: 'r2', title: 'Broke', rating: 1, is_verified: false })

let server: TestServer
let waiting: Review[]

beforeEach(() => {
  waiting = [someReview(), OTHER]
  server = signedIn()
    .on('GET /reviews', ({ url }) =>
      page(url.searchParams.get('status') === 'pending' ? waiting : []),
    )
    .on('POST /reviews/r1/publish', () => {
      waiting = waiting.filter(({ review_id }) => review_id !== 'r1')
      return json(someReview({ status: 'published', version: 2 }))
    })
    .on('POST /reviews/r1/reject', () => json(someReview({ status: 'rejected', version: 2 })))
    .on('POST /reviews/r2/reject', () =>
      problem(409, 'Changed meanwhile', 'It is at version 2.', 'changed_meanwhile'),
    )
})

it('shows what waits first, with stars, the product and whether the purchase is known', async () => {
  open('/reviews')
  const [first, second] = await screen.findAllByRole('listitem')
  expect(first).toHaveTextContent('Keeps tea hot')
  expect(first).toHaveTextContent('Verified purchase')
  expect(within(first as HTMLElement).getByRole('img', { name: '4 of 5 stars' })).toBeVisible()
  expect(within(first as HTMLElement).getByRole('link', { name: 'Blue mug' })).toHaveAttribute(
    'href',
    '/products/p1',
  )
  expect(second).not.toHaveTextContent('Verified purchase')
})

it('publishes one over the version that was seen', async () => {
  open('/reviews')
  await userEvent.click(await screen.findByRole('button', { name: 'Publish Keeps tea hot' }))
  expect(await screen.findByText('1 review is published.')).toBeVisible()
  await waitFor(() => expect(screen.queryByText('Keeps tea hot')).toBeNull())
  expect(server.written[0]?.ifMatch).toBe('"1"')
})

it('rejects several, and says which of them somebody else was faster with', async () => {
  open('/reviews')
  await userEvent.click(await screen.findByLabelText('Choose all shown'))
  expect(screen.getByText('2 reviews chosen')).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Reject' }))
  expect(await screen.findByText(/^1 review is rejected. Somebody else was faster/)).toBeVisible()
  const [one, two] = server.written
  expect([one, two].map((sent) => sent?.url.pathname)).toEqual([
    '/api/v1/reviews/r1/reject',
    '/api/v1/reviews/r2/reject',
  ])
  expect(one?.key).not.toBe(two?.key)
})

it('after a broken line what was done is repeated under its own key', async () => {
  let broken = true
  server.on('POST /reviews/r2/reject', () => {
    if (broken) throw new TypeError('Failed to fetch')
    return json({ ...OTHER, status: 'rejected' })
  })
  open('/reviews')
  await userEvent.click(await screen.findByLabelText('Choose all shown'))
  const reject = screen.getByRole('button', { name: 'Reject' })
  await userEvent.click(reject)
  expect(await screen.findByText(/Check that Tradewind is running/)).toBeVisible()
  broken = false
  await userEvent.click(reject)
  expect(await screen.findByText('2 reviews are rejected.')).toBeVisible()
  const keys = server.written.map(({ key }) => key)
  expect(keys.slice(2)).toEqual(keys.slice(0, 2))
})

it('says that nothing waits, and keeps the state in the address', async () => {
  waiting = []
  open('/reviews')
  expect(await screen.findByText('Nothing is waiting')).toBeVisible()
  await userEvent.click(screen.getByRole('link', { name: 'Published' }))
  await waitFor(() => expect(address()).toBe('/reviews?status=published'))
  expect(await screen.findByText('Nothing is published yet')).toBeVisible()
})

it('who may only look sees why nothing is theirs to decide', async () => {
  server.me = aViewer
  open('/reviews')
  const publish = await screen.findByRole('button', { name: 'Publish Keeps tea hot' })
  expect(publish).toHaveAccessibleDescription(/As viewer you may not change customers or reviews/)
  expect(screen.queryByRole('link', { name: 'Customer' })).toBeNull()
})

it('the address is what the API is asked', () => {
  expect(readReviewsSearch({ status: 'pending', product: 'p1', customer: '' })).toEqual({
    product: 'p1',
  })
  expect(reviewsParams({ product: 'p1' })).toEqual({ status: 'pending', product_id: 'p1' })
  expect(reviewsParams({ status: 'rejected' }).status).toBe('rejected')
})
