// Gives a worker the memory that the cases speak of: node fill.mjs URL
import process from 'node:process';
import { client, fill } from './seed.mjs';

await fill(client(process.argv[2]));
