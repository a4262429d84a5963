import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it } from 'vitest'
import { aViewer } from '@/test/fixtures'
import { address, open, signedIn } from '@/test/open'
import { somePromotion } from '@/test/promotions'
import { json, page, problem, type TestServer } from '@/test/server'

let server: TestServer

beforeEach(() => {
  server = signedIn()
    .on('GET /promotions', () =>
      page([
        somePromotion({ total_limit: 100, used: 12 }),
        somePromotion({
          promotion_id: 'm2',
          name: 'Free parcels',
          kind: 'free_shipping',
          code: null,
        }),
      ]),
    )
    .on('GET /promotions/m1', () => json(somePromotion()))
    .on('GET /categories', () => json({ items: [] }))
    .on('GET /customer-groups', () => page([]))
})

const sheet = () => screen.getByRole('dialog')

it('lists codes and what applies by itself, with state and uses', async () => {
  open('/promotions')
  const ten = await screen.findByRole('row', { name: /Ten off/ })
  expect(ten).toHaveTextContent('TEN')
  expect(ten).toHaveTextContent('10 % off')
  expect(ten).toHaveTextContent('Running')
  expect(ten).toHaveTextContent('12 of 100')
  expect(screen.getByRole('row', { name: /Free parcels/ })).toHaveTextContent('applies by itself')
})

it('a new one asks only for what its kind needs', async () => {
  server.on('POST /promotions', ({ body }) =>
    json({ ...somePromotion(), ...(body as object) }, 201),
  )
  open('/promotions')
  await screen.findByRole('row', { name: /Ten off/ })
  await userEvent.keyboard('n')
  await userEvent.type(await screen.findByLabelText('Name'), 'Three for two')
  expect(within(sheet()).getByLabelText('Percent')).toBeVisible()
  await userEvent.selectOptions(within(sheet()).getByLabelText('What it takes off'), 'buy_x_get_y')
  expect(within(sheet()).queryByLabelText('Percent')).toBeNull()
  expect(within(sheet()).getByLabelText('Who buys')).toHaveValue('2')
  await userEvent.click(within(sheet()).getByRole('button', { name: 'Everybody, by itself' }))
  expect(within(sheet()).queryByLabelText('Code')).toBeNull()
  await userEvent.click(within(sheet()).getByRole('button', { name: 'Lay it down' }))
  expect(await screen.findByText('Three for two is laid down.')).toBeVisible()
  expect(server.written[0]?.body).toMatchObject({
    kind: 'buy_x_get_y',
    buy: 2,
    get: 1,
    percent: null,
    code: null,
  })
  await waitFor(() => expect(address()).toBe('/promotions'))
})

it('says at the field what the server says', async () => {
  server.on('POST /promotions', () => problem(409, 'Code taken', 'There is a TEN.', 'code_taken'))
  open('/promotions?open=new')
  await userEvent.click(await screen.findByRole('button', { name: 'Lay it down' }))
  expect(await screen.findByText('Above 0 and up to 100.')).toBeVisible()
  await userEvent.type(screen.getByLabelText('Name'), 'Ten')
  await userEvent.type(screen.getByLabelText('Code'), 'ten')
  await userEvent.type(screen.getByLabelText('Percent'), '10')
  await userEvent.click(screen.getByRole('button', { name: 'Lay it down' }))
  expect(await screen.findByText('There is a TEN.')).toBeVisible()
})

it('is switched off over the version that was seen, with its terms as they were', async () => {
  server.on('PUT /promotions/m1', ({ body }) => json({ ...somePromotion(), ...(body as object) }))
  open('/promotions?open=m1')
  await userEvent.click(await screen.findByRole('button', { name: 'Switch off' }))
  expect(await screen.findByText('Ten off is switched off.')).toBeVisible()
  expect(server.written[0]).toMatchObject({
    ifMatch: '"2"',
    body: { code: 'TEN', percent: 10, is_active: false },
  })
})

it('who was overtaken keeps what was typed and presses once more', async () => {
  let theirs = {}
  server
    .on('GET /promotions/m1', () => json(somePromotion(theirs)))
    .on('PUT /promotions/m1', ({ ifMatch, body }) =>
      ifMatch === '"3"'
        ? json({ ...somePromotion(), ...(body as object) })
        : problem(409, 'Changed meanwhile', 'It is at version 3.', 'changed_meanwhile'),
    )
  open('/promotions?open=m1')
  const name = await screen.findByLabelText('Name')
  await userEvent.type(name, '!')
  theirs = { version: 3, name: 'Theirs', percent: 15 }
  const act = within(sheet()).getByRole('button', { name: 'Save' })
  await userEvent.click(act)
  expect(await screen.findByText('Somebody else was faster')).toBeVisible()
  expect(await screen.findByText(/in place of Name: Theirs\.$/)).toBeVisible()
  expect(name).toHaveValue('Ten off!')
  expect(screen.getByLabelText('Percent')).toHaveValue('15')
  await userEvent.click(act)
  expect(await screen.findByText('Ten off! is saved.')).toBeVisible()
  expect(server.written[1]?.body).toMatchObject({ name: 'Ten off!', percent: '15' })
})

it('who may only look sees the terms and why they stay', async () => {
  server.me = aViewer
  open('/promotions?open=m1')
  expect(await screen.findByLabelText('Name')).toBeDisabled()
  expect(sheet()).toHaveTextContent('As viewer you may not change promotions')
  expect(within(sheet()).getByRole('button', { name: 'Save' })).toBeDisabled()
})
