import { words } from '../../shell/words.ts';

export default function Status() {
  return <h1>{words().status}</h1>;
}
