// What examples/links.* have to print: node record.mjs BASE FILE, by Node's own modules.
// expected.txt and expected_errors.txt are its output on input.txt, from Node 26.10 on Linux.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import querystring from 'node:querystring';
import { domainToUnicode, fileURLToPath } from 'node:url';

const [base, file] = process.argv.slice(2);
readFileSync(file, 'utf8').split('\n').forEach((link, index) => {
  if (link === '') return;
  try {
    const url = new URL(link, base);
    url.username = url.password = url.hash = '';
    if (url.searchParams.size !== 0) url.searchParams.sort();
    const facts = { scheme: url.protocol.slice(0, -1) };
    let pathname = '';
    if (url.protocol === 'file:') facts.path = pathname = fileURLToPath(url);
    else if (url.hostname !== '') [facts.host, pathname] = [domainToUnicode(url.hostname), url.pathname];
    if (pathname !== '') {
      const ext = path.extname(pathname);
      Object.assign(facts, { dir: path.dirname(pathname), name: path.basename(pathname, ext), ext });
    }
    console.log(`${url.href}\t${querystring.stringify(facts)}`);
  } catch (error) {
    console.error(`links: line ${index + 1}: ${error.code ? `${error.code}: ` : ''}${error.message}`);
  }
});
