import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it } from 'vitest'
import { open, signedIn } from '@/test/open'
import { json, page, problem, type TestServer } from '@/test/server'

let server: TestServer
let isOn = false

beforeEach(() => {
  isOn = false
  server = signedIn()
    .on('GET /auth/totp', () => json({ is_on: isOn, recovery_codes_left: isOn ? 2 : 0 }))
    .on('GET /auth/sessions', () => page([]))
})

const sheet = () => screen.getByRole('dialog')

it('a second factor is set up with the password, a QR code and a code of the app', async () => {
  server
    .on('POST /auth/totp', () =>
      json({ secret: 'ABCD EFGH', uri: 'otpauth://totp/x?secret=A' }, 201),
    )
    .on('POST /auth/totp/confirm', ({ body }) => {
      if ((body as { code: string }).code !== '123456') {
        return problem(422, 'Not right', 'This code is not right.', 'code_not_right')
      }
      isOn = true
      return json({ recovery_codes: ['aaaa-bbbb', 'cccc-dddd'] })
    })
  open('/account')
  await userEvent.click(await screen.findByRole('button', { name: 'Set up' }))
  await userEvent.type(within(sheet()).getByLabelText('Your password'), 'secret{Enter}')
  expect(await screen.findByRole('img', { name: /QR code/ })).toBeVisible()
  expect(screen.getByText('ABCD EFGH')).toBeVisible()
  const code = screen.getByLabelText('Code of the app')
  await userEvent.type(code, '000000{Enter}')
  expect(await screen.findByText('This code is not right.')).toBeVisible()
  await userEvent.clear(code)
  await userEvent.type(code, '123 456{Enter}')
  expect(await screen.findByText('cccc-dddd')).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'I have kept them' }))
  expect(await screen.findByText('On: signing in asks for a code')).toBeVisible()
  expect(screen.queryByText('cccc-dddd')).toBeNull()
})

it('it is switched off with the password and a code, and few recovery codes are told', async () => {
  isOn = true
  server.on('POST /auth/totp/off', () => {
    isOn = false
    return new Response(null, { status: 204 })
  })
  open('/account')
  expect(await screen.findByText(/2 recovery codes left/)).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Switch off' }))
  await userEvent.type(within(sheet()).getByLabelText('Your password'), 'secret')
  await userEvent.type(within(sheet()).getByLabelText(/Code of the app/), 'aaaa-bbbb')
  await userEvent.click(within(sheet()).getByRole('button', { name: 'Switch it off' }))
  expect(await screen.findByText('Off: the password alone lets you in')).toBeVisible()
  expect(server.written[0]?.body).toEqual({ password: 'secret', code: 'aaaa-bbbb' })
})

it('another password has to be long, typed twice, and the current one right', async () => {
  server.on('POST /auth/password', () =>
    problem(403, 'Not right', 'The password is not right.', 'password_not_right'),
  )
  open('/account')
  await userEvent.type(await screen.findByLabelText('Current password'), 'old')
  await userEvent.type(screen.getByLabelText('New password'), 'short')
  await userEvent.click(screen.getByRole('button', { name: 'Change password' }))
  expect(screen.getByLabelText('New password')).toBeInvalid()
  expect(screen.getByLabelText('New password once more')).toBeInvalid()
  expect(server.written).toEqual([])
  await userEvent.type(screen.getByLabelText('New password'), ' but longer now')
  await userEvent.type(screen.getByLabelText('New password once more'), 'short but longer now')
  await userEvent.click(screen.getByRole('button', { name: 'Change password' }))
  expect(await screen.findByText('The password is not right.')).toBeVisible()
  await waitFor(() =>
    expect(server.written[0]?.body).toEqual({
      current_password: 'old',
      password: 'short but longer now',
    }),
  )
})
