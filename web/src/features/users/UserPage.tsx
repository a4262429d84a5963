import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { api, bodyOf, doneOf, type Role, type User } from '@/client/api'
import type { components } from '@/client/schema'
import { fieldProblem } from '@/client/problem'
import { useZone } from '@/client/store'
import { keyed, useWrite } from '@/client/write'
import { Guarded } from '@/features/session/Guarded'
import { onlyIf, useMe } from '@/features/session/me'
import { emailProblem } from '@/lib/email'
import { moment } from '@/lib/format'
import { ActionButton } from '@/ui/ActionButton'
import { ActionSheet } from '@/ui/ActionSheet'
import { Badge } from '@/ui/Badge'
import { Card } from '@/ui/Card'
import { Command } from '@/ui/Command'
import { Facts } from '@/ui/Facts'
import { FailedQuery } from '@/ui/Failed'
import { SelectField, TextField } from '@/ui/Field'
import { Page } from '@/ui/Page'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { toast } from '@/ui/toast'
import { ROLES } from './filters'
import { passwordProblem, randomPassword } from './newUser'
import { USERS, useSessionsOf, useUser } from './queries'
import { SessionList } from './SessionList'
import { ROLE_WORDS } from './words'

const route = getRouteApi('/in/users/$userId')
const BACK = { to: '/users', label: 'Users' } as const

export function UserPage() {
  return (
    <Guarded right="admin" title="User" locked="Only for admins">
      <OneUser />
    </Guarded>
  )
}

function OneUser() {
  const { userId } = route.useParams()
  const query = useUser(userId)
  const zone = useZone()
  const user = query.data
  if (!user) {
    return (
      <Page title="User" back={BACK}>
        {query.error ? (
          <FailedQuery query={query} />
        ) : (
          <Card title="Rights">
            <RowsSkeleton rows={4} height={56} />
          </Card>
        )}
      </Page>
    )
  }
  return (
    <Page
      title={user.username}
      back={BACK}
      beside={
        <Badge tone={user.is_active ? 'good' : 'bad'}>
          {user.is_active ? 'Active' : 'Deactivated'}
        </Badge>
      }
      actions={<Actions user={user} />}
    >
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="min-w-0 space-y-4">
          {/* A newer version is another form. */}
          <RightsCard key={`${user.user_id}${user.version}`} user={user} />
          <SessionsCard user={user} />
        </div>
        <Card title="About">
          <Facts
            facts={[
              ['Since', moment(user.created_at, zone)],
              ['Last sign-in', user.last_login_at ? moment(user.last_login_at, zone) : 'never'],
              ['Second factor', user.has_second_factor ? 'On' : 'Off'],
            ]}
          />
        </Card>
      </div>
    </Page>
  )
}

function useChange(user: User, said: string, onDone?: () => void) {
  return useWrite(
    (body: components['schemas']['ChangeUser'], key) =>
      bodyOf(
        api.PATCH('/api/v1/users/{user_id}', {
          params: { path: { user_id: user.user_id }, header: keyed(key, user.version) },
          body,
        }),
      ),
    { touches: [USERS, ['me']], said, onDone },
  )
}

function RightsCard({ user }: { user: User }) {
  const { data: me } = useMe()
  const [role, setRole] = useState<Role>(user.role)
  const [email, setEmail] = useState(user.email ?? '')
  const [asking, setAsking] = useState(false)
  const change = useChange(user, `${user.username} is changed.`, () => setAsking(false))
  const dirty = role !== user.role || email.trim() !== (user.email ?? '')
  const wrong = emailProblem(email)
  const own = user.user_id === me?.user_id
  const save = () =>
    change.mutate({
      ...(role !== user.role && { role }),
      ...(email.trim() !== (user.email ?? '') && { email: email.trim() }),
    })
  return (
    <Card title="Role and address">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!dirty || wrong) return
          // A role is asked about once more; an address is not worth it.
          if (role !== user.role) setAsking(true)
          else save()
        }}
      >
        <div className="grid gap-4 px-4 pt-2 pb-4 sm:grid-cols-2 sm:px-5">
          <SelectField
            label="Role"
            value={role}
            onChange={(value) => setRole(value as Role)}
            options={ROLES.map((value) => ({ value, label: ROLE_WORDS[value].label }))}
            hint={ROLE_WORDS[role].about}
          />
          <TextField
            label="Mail address"
            type="email"
            maxLength={320}
            value={email}
            onChange={setEmail}
            error={wrong ?? fieldProblem(change.error, 'email')}
          />
        </div>
        {change.error && !asking && (
          <p role="alert" className="px-4 pb-3 text-down sm:px-5">
            {change.error.message}
          </p>
        )}
        <div className="flex justify-end border-t border-line px-4 py-3 sm:px-5">
          <ActionButton
            may={onlyIf(true, '')}
            type="submit"
            look="solid"
            disabled={!dirty || wrong !== null || change.isPending}
          >
            {change.isPending ? 'Saving…' : 'Save'}
          </ActionButton>
        </div>
      </form>
      <ActionSheet
        title={`Make ${user.username} ${ROLE_WORDS[role].label.toLowerCase()}?`}
        open={asking}
        onClose={() => setAsking(false)}
        onSubmit={save}
        act="Change the role"
        danger={own}
        pending={change.isPending}
        error={change.error}
      >
        <p>
          From <b>{ROLE_WORDS[user.role].label}</b> to <b>{ROLE_WORDS[role].label}</b>:{' '}
          {ROLE_WORDS[role].about}
        </p>
        {own && <p className="text-down">This is you: you lose what only admins may, at once.</p>}
      </ActionSheet>
    </Card>
  )
}

type Sheet = 'deactivate' | 'password' | 'factor' | null

function Actions({ user }: { user: User }) {
  const [sheet, setSheet] = useState<Sheet>(null)
  const { data: me } = useMe()
  const close = () => setSheet(null)
  const own = user.user_id === me?.user_id
  const activate = useChange(user, `${user.username} may sign in again.`)
  const deactivate = useChange(user, `${user.username} is signed out and may not come back.`, close)
  const path = { user_id: user.user_id }
  const factor = useWrite(
    (_: null, key) =>
      doneOf(api.DELETE('/api/v1/users/{user_id}/totp', { params: { path, header: keyed(key) } })),
    { touches: [USERS], said: `${user.username} signs in without a code now.`, onDone: close },
  )
  return (
    <>
      <ActionButton
        may={onlyIf(!own, 'Your own password is changed on your account page.')}
        onClick={() => setSheet('password')}
      >
        Set a password
      </ActionButton>
      {user.has_second_factor && (
        <ActionButton
          may={onlyIf(!own, 'Your own second factor is on your account page.')}
          onClick={() => setSheet('factor')}
        >
          Take the second factor off
        </ActionButton>
      )}
      {user.is_active ? (
        <ActionButton
          may={onlyIf(!own, 'You cannot deactivate yourself.')}
          onClick={() => setSheet('deactivate')}
        >
          Deactivate
        </ActionButton>
      ) : (
        <ActionButton
          may={onlyIf(true, '')}
          look="solid"
          disabled={activate.isPending}
          onClick={() =>
            activate.mutate(
              { is_active: true },
              { onError: (error) => toast(error.message, 'bad') },
            )
          }
        >
          Let them in again
        </ActionButton>
      )}
      <ActionSheet
        title={`Deactivate ${user.username}?`}
        open={sheet === 'deactivate'}
        onClose={close}
        onSubmit={() => deactivate.mutate({ is_active: false })}
        act="Deactivate"
        danger
        pending={deactivate.isPending}
        error={deactivate.error}
      >
        <p>
          They are signed out everywhere at once and may not sign in. What they did stays in the
          audit log, and they can be let in again.
        </p>
      </ActionSheet>
      <ActionSheet
        title={`Take the second factor of ${user.username} off?`}
        open={sheet === 'factor'}
        onClose={close}
        onSubmit={() => factor.mutate(null)}
        act="Take it off"
        danger
        pending={factor.isPending}
        error={factor.error}
      >
        <p>
          For who has lost both the app and the recovery codes. Until they set it up again the
          password alone lets them in: be sure that it is them who asks.
        </p>
      </ActionSheet>
      <PasswordSheet open={sheet === 'password'} onClose={close} user={user} />
    </>
  )
}

function PasswordSheet({
  open,
  onClose,
  user,
}: {
  open: boolean
  onClose: () => void
  user: User
}) {
  const [password, setPassword] = useState(randomPassword)
  const set = useWrite(
    (body: { password: string }, key) =>
      doneOf(
        api.PUT('/api/v1/users/{user_id}/password', {
          params: { path: { user_id: user.user_id }, header: keyed(key) },
          body,
        }),
      ),
    {
      touches: [USERS],
      said: `${user.username} has another password. Tell it to them.`,
      onDone: () => {
        setPassword(randomPassword())
        onClose()
      },
    },
  )
  const wrong = passwordProblem(password)
  return (
    <ActionSheet
      title={`Another password for ${user.username}`}
      open={open}
      onClose={onClose}
      onSubmit={() => !wrong && set.mutate({ password })}
      act="Set this password"
      danger
      disabled={wrong !== null}
      pending={set.isPending}
      error={set.error}
    >
      <p>They are signed out everywhere. Copy it before you set it: it is not shown again.</p>
      <TextField
        label="New password"
        autoComplete="new-password"
        spellCheck={false}
        value={password}
        onChange={setPassword}
        error={wrong ?? fieldProblem(set.error, 'password')}
      />
      <Command>{password}</Command>
    </ActionSheet>
  )
}

function SessionsCard({ user }: { user: User }) {
  const sessions = useSessionsOf(user.user_id)
  const [asking, setAsking] = useState(false)
  const touches = [[...USERS, user.user_id, 'sessions']]
  const path = { user_id: user.user_id }
  const end = useWrite(
    (session_id: string, key) =>
      doneOf(
        api.DELETE('/api/v1/users/{user_id}/sessions/{session_id}', {
          params: { path: { ...path, session_id }, header: keyed(key) },
        }),
      ),
    { touches, said: 'The session has ended.' },
  )
  const endAll = useWrite(
    (_: null, key) =>
      doneOf(
        api.DELETE('/api/v1/users/{user_id}/sessions', { params: { path, header: keyed(key) } }),
      ),
    {
      touches,
      said: `${user.username} is signed out everywhere.`,
      onDone: () => setAsking(false),
    },
  )
  const some = (sessions.rows?.length ?? 0) > 0
  return (
    <Card
      title="Sessions"
      note="where they are signed in"
      actions={
        <ActionButton
          may={onlyIf(some, `${user.username} is signed in nowhere.`)}
          onClick={() => setAsking(true)}
        >
          End all
        </ActionButton>
      }
    >
      <SessionList
        sessions={sessions}
        ending={end.isPending ? end.variables : null}
        onEnd={(id) => end.mutate(id, { onError: (error) => toast(error.message, 'bad') })}
      />
      <ActionSheet
        title={`Sign ${user.username} out everywhere?`}
        open={asking}
        onClose={() => setAsking(false)}
        onSubmit={() => endAll.mutate(null)}
        act="End all sessions"
        danger
        pending={endAll.isPending}
        error={endAll.error}
      >
        <p>They can sign in again with their password.</p>
      </ActionSheet>
    </Card>
  )
}
