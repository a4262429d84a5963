import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { FilterBar } from './FilterBar'

it('what is chosen has a chip, also where no menu offers it, and each goes away alone', async () => {
  const onSize = vi.fn()
  const onMaker = vi.fn()
  const onClear = vi.fn()
  const choices = ['s', 'm'].map((value) => ({ value, label: value.toUpperCase() }))
  render(
    <FilterBar
      filters={[
        {
          name: 'size',
          menu: { one: 'Size', many: 'Sizes', choices, loaded: true },
          chosen: ['s', 'm'],
          label: (value) => value.toUpperCase(),
          onChange: onSize,
        },
        { name: 'maker', chosen: ['acme'], onChange: onMaker },
        { name: 'colour', chosen: undefined, onChange: vi.fn() },
      ]}
      onClear={onClear}
    >
      <p>Which days</p>
    </FilterBar>,
  )
  expect(screen.getByText('Which days')).toBeVisible()
  expect(screen.getByRole('button', { name: /^Size/ })).toBeInTheDocument()
  expect(screen.queryByRole('button', { name: /^maker/i })).toBeNull()
  await userEvent.click(screen.getByRole('button', { name: 'Stop filtering by S' }))
  expect(onSize).toHaveBeenCalledWith(['m'])
  await userEvent.click(screen.getByRole('button', { name: 'Stop filtering by acme' }))
  expect(onMaker).toHaveBeenCalledWith([])
  await userEvent.click(screen.getByRole('button', { name: /^Clear/ }))
  expect(onClear).toHaveBeenCalledOnce()
})
