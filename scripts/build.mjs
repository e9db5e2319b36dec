// npm run build: the npm packages and the compiled sdk.
import { main } from './steps.mjs';
import { setUp } from './setup.mjs';

await main(() => setUp());
