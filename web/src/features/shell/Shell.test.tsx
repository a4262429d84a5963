import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it } from 'vitest'
import { aViewer, someOrderRow, someProduct } from '@/test/fixtures'
import { address, open, signedIn } from '@/test/open'
import { json, page, type TestServer } from '@/test/server'

let server: TestServer

beforeEach(() => {
  server = signedIn()
    .on('GET /orders', () => page([someOrderRow()]))
    .on('GET /products', () => page([someProduct()]))
    .on('GET /products/search', () =>
      json({ items: [someProduct()], next_cursor: null, corrected: {}, facets: null }),
    )
    .on('GET /categories', () => json({ items: [] }))
})

it('G and a letter lead to a page, also where the letter means something else', async () => {
  open('/')
  await screen.findByRole('button', { name: /^Revenue €/ })
  await userEvent.keyboard('gp')
  await waitFor(() => expect(address()).toBe('/products'))
  expect(await screen.findByRole('heading', { level: 1, name: 'Products' })).toBeVisible()
  await userEvent.keyboard('go')
  await waitFor(() => expect(address()).toBe('/orders'))
})

it('the palette finds pages, acts, orders and products, and goes there by keyboard', async () => {
  open('/orders')
  await screen.findByRole('link', { name: 'TW-1001' })
  await userEvent.keyboard('{Control>}k{/Control}')
  const field = await screen.findByRole('combobox', { name: /Find a page/ })
  const list = screen.getByRole('listbox', { name: 'Found' })
  await userEvent.type(field, 'mug')
  const product = await within(list).findByRole('option', { name: /Blue mug/ })
  expect(within(list).getByRole('option', { name: /TW-1001/ })).toBeVisible()
  await userEvent.keyboard('{ArrowDown}')
  expect(product).toHaveAttribute('aria-selected', 'true')
  expect(field).toHaveAttribute('aria-activedescendant', product.id)
  await userEvent.keyboard('{Enter}')
  await waitFor(() => expect(address()).toBe('/products/p1'))
})

it('the palette offers no act that is not theirs', async () => {
  server.me = aViewer
  open('/orders')
  await screen.findByRole('link', { name: 'TW-1001' })
  await userEvent.click(screen.getByRole('button', { name: /Find anything/ }))
  await screen.findByRole('option', { name: /Dashboard/ })
  expect(screen.queryByRole('option', { name: /New product/ })).toBeNull()
  expect(screen.queryByRole('option', { name: /^Users/ })).toBeNull()
})

it('help tells the keys', async () => {
  open('/orders')
  await screen.findByRole('link', { name: 'TW-1001' })
  await userEvent.keyboard('?')
  expect(await screen.findByRole('dialog', { name: 'Help' })).toHaveTextContent('Ctrl K')
})
