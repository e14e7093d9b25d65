import { words } from '../../shell/words.ts';

export default function Search() {
  return <h1>{words().search}</h1>;
}
