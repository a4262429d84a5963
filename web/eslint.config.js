import js from '@eslint/js'
import a11y from 'eslint-plugin-jsx-a11y'
import hooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

const node = { process: 'readonly', console: 'readonly', URL: 'readonly' }
const browser = { window: 'readonly', document: 'readonly', localStorage: 'readonly' }

export default tseslint.config(
  { ignores: ['dist', 'coverage', 'src/client/schema.d.ts'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [
      tseslint.configs.strict,
      a11y.flatConfigs.recommended,
      hooks.configs.flat['recommended-latest'],
    ],
    rules: { '@typescript-eslint/consistent-type-imports': 'error' },
  },
  { files: ['scripts/*.mjs'], languageOptions: { globals: node } },
  { files: ['public/*.js'], languageOptions: { globals: browser, sourceType: 'script' } },
)
