import clsx from 'clsx'
import { ChevronDown } from 'lucide-react'
import {
  type ChangeEvent,
  type ComponentProps,
  type KeyboardEvent,
  type ReactNode,
  useId,
} from 'react'

export const CONTROL =
  'h-10 w-full min-w-0 rounded-lg border border-strong-line bg-card px-3 text-base font-normal text-ink placeholder:text-muted disabled:bg-sunk disabled:text-muted aria-invalid:border-down sm:text-sm pointer-coarse:h-11'

/** On a field that stands among buttons: their height, their weight. */
export const COMPACT =
  '[&_select]:h-9 [&_select]:border-line [&_select]:text-sm [&_select]:font-medium [&_select]:shadow-card pointer-coarse:[&_select]:h-11'

type Around = {
  label: string
  /** What to know before typing. */
  hint?: ReactNode
  /** What is wrong with what was typed. */
  error?: string | null
  className?: string
  /** For readers of the screen only: where the column's head says it. */
  hideLabel?: boolean
}

type Control = {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': boolean
}

/** A label, a control, and what is to be said about it. */
function Field({
  label,
  hint,
  error,
  className,
  hideLabel,
  children,
}: Around & { children: (control: Control) => ReactNode }) {
  const id = useId()
  const told = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className={clsx('min-w-0', className)}>
      <label
        htmlFor={id}
        className={hideLabel ? 'sr-only' : 'mb-1.5 block text-[0.8125rem] font-medium'}
      >
        {label}
      </label>
      {children({ id, 'aria-describedby': told || undefined, 'aria-invalid': Boolean(error) })}
      {hint && (
        <p id={`${id}-hint`} className="mt-1 text-xs text-muted">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="mt-1 text-[0.8125rem] text-down">
          {error}
        </p>
      )}
    </div>
  )
}

/** What stands around a control, and what is the control's own. */
function apart<Props extends Around>(props: Props) {
  const { label, hint, error, className, hideLabel, ...own } = props
  return [{ label, hint, error, className, hideLabel }, own] as const
}

type Valued = { value: string; onChange: (value: string) => void }

type TextFieldProps = Around &
  Valued &
  Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'className'> & {
    /** Stands in the field behind what is typed: a unit, a currency. */
    unit?: string
  }

export function TextField(props: TextFieldProps) {
  const [around, { value, onChange, unit, ...input }] = apart(props)
  return (
    <Field {...around}>
      {(control) => (
        <div className="relative">
          <input
            {...control}
            {...input}
            value={value}
            onChange={(event) => onChange(event.target.value)}
            className={clsx(CONTROL, unit && 'pr-14', input.inputMode && 'num')}
          />
          {unit && (
            <span className="pointer-events-none absolute inset-y-0 right-3 grid place-items-center text-[0.8125rem] text-muted">
              {unit}
            </span>
          )}
        </div>
      )}
    </Field>
  )
}

type AreaFieldProps = Around &
  Valued &
  Omit<ComponentProps<'textarea'>, 'value' | 'onChange' | 'className'> & {
    /** Ctrl or Cmd with Enter, where that is the quick way on. */
    onSend?: () => void
  }

export function AreaField(props: AreaFieldProps) {
  const [around, { value, onChange, onSend, ...area }] = apart(props)
  const send = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSend?.()
  }
  return (
    <Field {...around}>
      {(control) => (
        <textarea
          rows={3}
          {...control}
          {...area}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={onSend && send}
          className={clsx(CONTROL, 'h-auto py-2 leading-normal pointer-coarse:h-auto')}
        />
      )}
    </Field>
  )
}

type SelectFieldProps = Around &
  Valued & {
    options: { value: string; label: string }[]
    disabled?: boolean
    required?: boolean
  }

/** The browser's own list: the one that every keyboard, phone and screen reader knows. */
export function SelectField(props: SelectFieldProps) {
  const [around, { value, onChange, options, ...rest }] = apart(props)
  return (
    <Field {...around}>
      {(control) => (
        <div className="relative">
          <select
            {...control}
            {...rest}
            value={value}
            onChange={(event: ChangeEvent<HTMLSelectElement>) => onChange(event.target.value)}
            className={clsx(CONTROL, 'appearance-none truncate pr-9')}
          >
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
          <ChevronDown
            size={15}
            aria-hidden
            className="pointer-events-none absolute inset-y-0 right-3 my-auto text-muted"
          />
        </div>
      )}
    </Field>
  )
}

type CheckFieldProps = {
  label: string
  hint?: ReactNode
  checked: boolean
  onChange: (checked: boolean) => void
  disabled?: boolean
}

export function CheckField({ label, hint, checked, onChange, disabled }: CheckFieldProps) {
  const id = useId()
  return (
    <div className="flex items-start gap-2.5">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-0.5 size-4 shrink-0 accent-accent pointer-coarse:size-5"
      />
      <div className="min-w-0">
        <label htmlFor={id} className="cursor-pointer font-medium">
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className="text-xs text-muted">
            {hint}
          </p>
        )}
      </div>
    </div>
  )
}
