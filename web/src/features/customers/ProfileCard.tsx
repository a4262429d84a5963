import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, bodyOf, type Customer, type CustomerChange } from '@/client/api'
import { asProblem, fieldProblem, isConflict } from '@/client/problem'
import { keyed, useWrite } from '@/client/write'
import { clashes } from '@/lib/draft'
import type { Permission } from '@/ui/ActionButton'
import { Card } from '@/ui/Card'
import { Conflict } from '@/ui/Conflict'
import { Notice } from '@/ui/Notice'
import { SaveBar } from '@/ui/SaveBar'
import { useDraft } from '@/ui/useDraft'
import { PROFILE_WORDS, profileChange, profileOf, profileProblems, shownProfile } from './draft'
import { ProfileFields } from './ProfileFields'
import { CUSTOMERS } from './queries'

type ProfileCardProps = { customer: Customer; may: Permission; channel: string | null }

/** Who a customer is, as a form. Saves what was changed, and only over the version that was read. */
export function ProfileCard({ customer, may, channel }: ProfileCardProps) {
  const client = useQueryClient()
  const form = useDraft(
    customer,
    profileOf,
    'What you changed of this customer is not saved. Leave all the same?',
  )
  const { read, base, draft, theirs, dirty } = form
  const [tried, setTried] = useState(false)
  const save = useWrite(
    ({ body, version }: { body: CustomerChange; version: number }, key) =>
      bodyOf(
        api.PATCH('/api/v1/customers/{customer_id}', {
          params: { path: { customer_id: customer.customer_id }, header: keyed(key, version) },
          body,
        }),
      ),
    {
      touches: [CUSTOMERS],
      said: 'The customer is saved.',
      onDone: (saved) => {
        client.setQueryData(['customers', saved.customer_id], saved)
        form.begin(saved)
        setTried(false)
      },
    },
  )
  const problems = profileProblems(draft)
  function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (!dirty || save.isPending || Object.keys(problems).length > 0) return
    save.mutate({ body: profileChange(base, draft), version: read.version })
  }
  function reset() {
    save.reset()
    setTried(false)
    form.begin(customer)
  }
  return (
    <Card title="Profile">
      <form onSubmit={submit} noValidate>
        <fieldset
          disabled={!may.allowed}
          className="grid gap-4 px-4 pt-2 pb-5 sm:grid-cols-2 sm:px-5"
        >
          <legend className="sr-only">What is known of the customer</legend>
          <ProfileFields
            draft={draft}
            set={form.set}
            wrong={(name) => (tried ? problems[name] : null) ?? fieldProblem(save.error, name)}
          />
          {channel && (
            <p className="text-[0.8125rem] text-muted sm:col-span-2">
              {channel} tells us of this customer. What you change here holds until {channel} tells
              otherwise.
            </p>
          )}
        </fieldset>
        {isConflict(save.error) && form.isOvertaken && (
          <Conflict
            of="customer"
            clashes={clashes({ base, mine: draft, theirs }, PROFILE_WORDS, shownProfile)}
            onTheirs={reset}
            onMine={() => {
              form.rebase()
              save.mutate({ body: profileChange(base, draft), version: customer.version })
            }}
            busy={save.isPending}
          />
        )}
        {save.error && !isConflict(save.error) && (
          <Notice tone="bad" className="mx-4 mb-4 sm:mx-5">
            <b>Not saved.</b> {asProblem(save.error).message}
          </Notice>
        )}
        <SaveBar
          may={may}
          changed={form.changed.length}
          pending={save.isPending}
          onDiscard={reset}
        />
      </form>
    </Card>
  )
}
