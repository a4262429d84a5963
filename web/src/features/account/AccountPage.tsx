import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api, doneOf, type Role } from '@/client/api'
import { keyed, useWrite } from '@/client/write'
import { session } from '@/features/session/session'
import { useMe } from '@/features/session/me'
import { SessionList } from '@/features/users/SessionList'
import { ROLE_WORDS } from '@/features/users/words'
import { ActionSheet } from '@/ui/ActionSheet'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { Facts } from '@/ui/Facts'
import { FailedQuery } from '@/ui/Failed'
import { Page } from '@/ui/Page'
import { toast } from '@/ui/toast'
import { PasswordCard } from './PasswordCard'
import { ACCOUNT, useOwnSessions } from './queries'
import { SecondFactorCard } from './SecondFactorCard'

/** One's own account: nobody needs a right for it. */
export function AccountPage() {
  const me = useMe()
  const role = me.data && ROLE_WORDS[me.data.role as Role]
  return (
    <Page title="Your account">
      <FailedQuery query={me} className="" />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="min-w-0 space-y-4">
          <PasswordCard username={me.data?.username ?? ''} />
          <SecondFactorCard />
          <SessionsCard />
        </div>
        <Card title="Who you are" className="max-lg:order-first">
          <Facts
            facts={[
              ['Username', me.data?.username ?? '…'],
              ['Mail address', me.data ? (me.data.email ?? 'none') : '…'],
              ['Role', role?.label ?? me.data?.role ?? '…'],
            ]}
          />
          <p className="px-4 pb-4 text-[0.8125rem] text-muted sm:px-5">
            {role?.about} An admin changes role and address.
          </p>
        </Card>
      </div>
    </Page>
  )
}

function SessionsCard() {
  const sessions = useOwnSessions()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [asking, setAsking] = useState(false)
  function signOut() {
    session.signOut()
    void navigate({ to: '/login', search: {} }).then(() => client.clear())
  }
  const end = useWrite(
    (session_id: string, key) =>
      doneOf(
        api.DELETE('/api/v1/auth/sessions/{session_id}', {
          params: { path: { session_id }, header: keyed(key) },
        }),
      ),
    { touches: [ACCOUNT], said: 'The session has ended.' },
  )
  const endOthers = useWrite(
    (_: null, key) =>
      doneOf(api.DELETE('/api/v1/auth/sessions', { params: { header: keyed(key) } })),
    {
      touches: [ACCOUNT],
      said: 'All other sessions have ended.',
      onDone: () => setAsking(false),
    },
  )
  const others = (sessions.rows ?? []).filter(({ is_current }) => !is_current).length
  return (
    <Card
      title="Sessions"
      note="where you are signed in"
      actions={others > 0 && <Button onClick={() => setAsking(true)}>End all others</Button>}
    >
      <SessionList
        sessions={sessions}
        ending={end.isPending ? end.variables : null}
        onEnd={(id) => {
          const own = sessions.rows?.some((one) => one.session_id === id && one.is_current)
          if (own) signOut()
          else end.mutate(id, { onError: (error) => toast(error.message, 'bad') })
        }}
      />
      <ActionSheet
        title="End all other sessions?"
        open={asking}
        onClose={() => setAsking(false)}
        onSubmit={() => endOthers.mutate(null)}
        act="End the others"
        danger
        pending={endOthers.isPending}
        error={endOthers.error}
      >
        <p>You stay signed in here. Everywhere else the password is asked again.</p>
      </ActionSheet>
    </Card>
  )
}
