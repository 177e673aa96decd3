import { expect, it } from 'vitest';
import { maskSecrets } from '@/lib/network/secrets';

it('leaves no password in XML or a query language', () => {
  for (const text of [
    '<login><email>a@b.example</email><password>hunter2secret</password></login>',
    'mutation { login(email: "a@b.example", password: "hunter2secret") { token } }',
    '<Password type="text">hunter2secret</Password>',
    'x password : "hunter2secret"',
  ])
    expect(maskSecrets(text)).not.toContain('hunter2secret');
  expect(maskSecrets('<name>Ada</name> size: "big"')).toBe('<name>Ada</name> size: "big"');
});
