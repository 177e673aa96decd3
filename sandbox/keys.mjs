// The key pairs that sandboxes sign with: made once per process, because making one takes longer than starting a sandbox.
import { generateKeyPair } from 'jose';

/** @type {Map<string, ReturnType<typeof generateKeyPair>>} by their algorithm */
const made = new Map();

/** @param {'RS256' | 'RS512'} alg */
export function keyPair(alg) {
  const pair = made.get(alg) ?? generateKeyPair(alg, { modulusLength: 2048 });
  made.set(alg, pair);
  return pair;
}
