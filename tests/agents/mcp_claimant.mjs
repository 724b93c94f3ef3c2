// A client in a process of its own, to be killed: claims files, says so, and stays. Usage: mcp_claimant.mjs REPOSITORY FILE…
import { connect, said } from './mcp_client.mjs';

const [repo, ...files] = process.argv.slice(2);
const { call } = await connect({ repo, environment: process.env });
console.log(said(await call('claim', { files })));
setInterval(() => {}, 1000);
