import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it } from 'vitest'
import { aViewer, someUser } from '@/test/fixtures'
import { address, open, signedIn } from '@/test/open'
import { json, page, problem, type TestServer } from '@/test/server'

let server: TestServer
const session = {
  session_id: 's1',
  created_at: '2026-11-20T00:00:00Z',
  expires_at: '2026-12-20T00:00:00Z',
  address: '192.0.2.7',
  user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  is_current: false,
}

beforeEach(() => {
  server = signedIn()
    .on('GET /users', () => page([someUser()]))
    .on('GET /users/u9', () => json(someUser()))
    .on('GET /users/u9/sessions', () => page([session]))
})

const sheet = () => screen.getByRole('dialog')

it('lists who may sign in', async () => {
  open('/users')
  const row = await screen.findByRole('row', { name: /grace/ })
  expect(row).toHaveTextContent('Viewer')
  expect(row).toHaveTextContent('never')
  const asked = server.asked.find(({ pathname }) => pathname === '/api/v1/users')
  expect(asked?.searchParams.get('is_active')).toBe('true')
})

it('is neither in the bar nor to be seen for who is no admin', async () => {
  server.me = aViewer
  open('/users')
  expect(await screen.findByText('Only for admins')).toBeVisible()
  expect(screen.queryByRole('link', { name: 'Users' })).toBeNull()
  expect(server.asked.some(({ pathname }) => pathname === '/api/v1/users')).toBe(false)
})

it('an invitation makes the user with a password that nobody knows, and mails a link', async () => {
  server
    .on('POST /users', ({ body }) => json({ ...someUser(), ...(body as object) }, 201))
    .on('GET /auth/password-reset', () => json({}, 202))
  open('/users?new=1')
  await userEvent.type(await screen.findByLabelText('Username'), 'grace')
  await userEvent.click(within(sheet()).getByRole('button', { name: 'Invite' }))
  expect(await screen.findByText('The link needs an address to go to.')).toBeVisible()
  await userEvent.type(screen.getByLabelText('Mail address'), 'grace@example.com')
  await userEvent.selectOptions(within(sheet()).getByLabelText('Role'), 'manager')
  await userEvent.click(within(sheet()).getByRole('button', { name: 'Invite' }))
  expect(await screen.findByText(/link is on its way to grace@example.com/)).toBeVisible()
  await waitFor(() => expect(address()).toBe('/users/u9'))
  expect(server.written[0]?.body).toMatchObject({ username: 'grace', role: 'manager' })
  expect(server.asked.map(({ pathname }) => pathname)).toContain('/api/v1/auth/password-reset')
})

it('another role is asked about once more, and goes over the version that was seen', async () => {
  server.on('PATCH /users/u9', () => json(someUser({ role: 'manager', version: 3 })))
  open('/users/u9')
  await userEvent.selectOptions(await screen.findByLabelText('Role'), 'manager')
  await userEvent.click(screen.getByRole('button', { name: 'Save' }))
  expect(sheet()).toHaveTextContent('From Viewer to Manager')
  expect(server.written).toEqual([])
  await userEvent.click(within(sheet()).getByRole('button', { name: 'Change the role' }))
  expect(await screen.findByText('grace is changed.')).toBeVisible()
  expect(server.written[0]).toMatchObject({ body: { role: 'manager' }, ifMatch: '"2"' })
})

it('the last admin stays one, and the page says why', async () => {
  server
    .on('GET /users/u9', () => json(someUser({ role: 'admin' })))
    .on('PATCH /users/u9', () =>
      problem(409, 'Conflict', 'Somebody has to stay admin.', 'last_admin'),
    )
  open('/users/u9')
  await userEvent.click(await screen.findByRole('button', { name: 'Deactivate' }))
  await userEvent.click(within(sheet()).getByRole('button', { name: 'Deactivate' }))
  expect(await within(sheet()).findByText('Somebody has to stay admin.')).toBeVisible()
})

it('ends one session, and all of them', async () => {
  server
    .on('DELETE /users/u9/sessions/s1', () => new Response(null, { status: 204 }))
    .on('DELETE /users/u9/sessions', () => new Response(null, { status: 204 }))
  open('/users/u9')
  await userEvent.click(await screen.findByRole('button', { name: /^End: Firefox on Linux/ }))
  expect(await screen.findByText('The session has ended.')).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'End all' }))
  await userEvent.click(within(sheet()).getByRole('button', { name: 'End all sessions' }))
  expect(await screen.findByText('grace is signed out everywhere.')).toBeVisible()
  expect(server.written.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
    'DELETE /api/v1/users/u9/sessions/s1',
    'DELETE /api/v1/users/u9/sessions',
  ])
})
