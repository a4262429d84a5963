import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api, bodyOf } from '@/client/api'
import { fieldProblem } from '@/client/problem'
import { keyed, useWrite } from '@/client/write'
import { ActionSheet } from '@/ui/ActionSheet'
import { NOBODY, type ProfileDraft, profileChange, profileProblems } from './draft'
import { ProfileFields } from './ProfileFields'
import { CUSTOMERS } from './queries'
import { nameOf } from './words'

/** Somebody of our own shop who has not bought here yet. */
export function NewCustomerSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const navigate = useNavigate()
  const [draft, setDraft] = useState(NOBODY)
  const [tried, setTried] = useState(false)
  const make = useWrite(
    (body: ReturnType<typeof profileChange>, key) =>
      bodyOf(api.POST('/api/v1/customers', { params: { header: keyed(key) }, body })),
    {
      touches: [CUSTOMERS],
      said: (made) => `${nameOf(made)} is a customer now.`,
      onDone: (made) => {
        setDraft(NOBODY)
        setTried(false)
        void navigate({
          to: '/customers/$customerId',
          params: { customerId: made.customer_id },
        })
      },
    },
  )
  const problems = profileProblems(draft)
  function submit() {
    setTried(true)
    if (Object.keys(problems).length === 0) make.mutate(profileChange(NOBODY, draft))
  }
  return (
    <ActionSheet
      title="New customer"
      open={open}
      onClose={onClose}
      onSubmit={submit}
      act="Add the customer"
      pending={make.isPending}
      error={make.error}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <ProfileFields
          draft={draft}
          set={(name: keyof ProfileDraft) => (value) =>
            setDraft((before) => ({ ...before, [name]: value }))
          }
          wrong={(name) => (tried ? problems[name] : null) ?? fieldProblem(make.error, name)}
        />
      </div>
      <p className="text-[0.8125rem] text-muted">
        A name or an e-mail address is enough. In our own shop an e-mail address belongs to one
        customer: who buys with it later is this one.
      </p>
    </ActionSheet>
  )
}
