import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api, bodyOf, type Role } from '@/client/api'
import { fieldProblem } from '@/client/problem'
import { keyed, useWrite } from '@/client/write'
import { askForReset } from '@/features/session/reset'
import { emailProblem } from '@/lib/email'
import { ActionSheet } from '@/ui/ActionSheet'
import { Command } from '@/ui/Command'
import { SelectField, TextField } from '@/ui/Field'
import { Segments } from '@/ui/Segments'
import { ROLES } from './filters'
import { passwordProblem, randomPassword, usernameProblem } from './newUser'
import { USERS } from './queries'
import { ROLE_WORDS } from './words'

type How = 'mail' | 'password'
type Asked = { username: string; email: string | null; role: Role; password: string; how: How }

/** Lets somebody in: by a mail with a link to choose a password, or with one that is told to them. */
export function NewUserSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const navigate = useNavigate()
  const [username, setUsername] = useState('')
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const [how, setHow] = useState<How>('mail')
  const [password, setPassword] = useState(randomPassword)
  const [tried, setTried] = useState(false)
  const make = useWrite(
    async ({ how: by, ...body }: Asked, key) => {
      const made = await bodyOf(api.POST('/api/v1/users', { params: { header: keyed(key) }, body }))
      // The password that was sent along is known to nobody: the link is the way in.
      if (by === 'mail') await askForReset(made.username)
      return made
    },
    {
      touches: [USERS],
      said: (made, { how: by }) =>
        by === 'mail'
          ? `${made.username} may sign in. The link is on its way to ${made.email}.`
          : `${made.username} may sign in. Tell them the password.`,
      onDone: (made) => {
        setUsername('')
        setEmail('')
        setTried(false)
        setPassword(randomPassword())
        onClose()
        void navigate({ to: '/users/$userId', params: { userId: made.user_id } })
      },
    },
  )
  const problems = {
    username: usernameProblem(username),
    email:
      emailProblem(email) ??
      (how === 'mail' && email.trim() === '' ? 'The link needs an address to go to.' : null),
    password: how === 'password' ? passwordProblem(password) : null,
  }
  const wrong = (field: keyof typeof problems) =>
    (tried ? problems[field] : null) ?? fieldProblem(make.error, field)
  function submit() {
    setTried(true)
    if (Object.values(problems).some(Boolean)) return
    make.mutate({ username: username.trim(), email: email.trim() || null, role, password, how })
  }
  return (
    <ActionSheet
      title="New user"
      open={open}
      onClose={onClose}
      onSubmit={submit}
      act={how === 'mail' ? 'Invite' : 'Let them in'}
      pending={make.isPending}
      error={make.error}
    >
      <TextField
        label="Username"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={100}
        value={username}
        onChange={setUsername}
        error={wrong('username')}
      />
      <SelectField
        label="Role"
        value={role}
        onChange={(value) => setRole(value as Role)}
        options={ROLES.map((value) => ({ value, label: ROLE_WORDS[value].label }))}
        hint={ROLE_WORDS[role].about}
      />
      <TextField
        label={how === 'mail' ? 'Mail address' : 'Mail address (optional)'}
        type="email"
        autoComplete="off"
        maxLength={320}
        value={email}
        onChange={setEmail}
        hint="To sign in with too, and for lost passwords."
        error={wrong('email')}
      />
      <Segments
        label="How they get in"
        options={[
          { value: 'mail', label: 'Mail a link' },
          { value: 'password', label: 'Set a password' },
        ]}
        value={how}
        onChange={setHow}
        className="w-full"
      />
      {how === 'mail' ? (
        <p className="text-[0.8125rem] text-muted">
          They choose a password themselves. The link is good for an hour; another comes with “Lost
          your password?”. It needs a mail server in the settings of the store.
        </p>
      ) : (
        <div className="space-y-2">
          <TextField
            label="Password"
            autoComplete="new-password"
            spellCheck={false}
            value={password}
            onChange={setPassword}
            hint="Made up for them; they change it on their account page."
            error={wrong('password')}
          />
          <Command>{password}</Command>
        </div>
      )}
    </ActionSheet>
  )
}
