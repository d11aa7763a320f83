'use strict';
const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const pump = require('pump');
const through2 = require('through2');
const { folder, run, say, sha256, tree } = require('./kit');

run(async () => {
  const root = tree('from');
  let seen = 0;
  const out = path.join(folder, 'out');
  await new Promise((resolve, reject) => {
    pump(
      fs.createReadStream(path.join(root, 'a', 'bytes.bin')),
      through2((chunk, encoding, done) => {
        seen += chunk.length;
        done(null, chunk);
      }, function (done) {
        this.push('the end');
        done();
      }),
      crypto.createCipheriv('aes-256-ctr', Buffer.alloc(32, 1), Buffer.alloc(16, 2)),
      fs.createWriteStream(out),
      (error) => (error ? reject(error) : resolve()),
    );
  });
  say('seen', seen);
  say('out', sha256(fs.readFileSync(out)));
  const objects = through2.obj((value, _, done) => done(null, { twice: value.n * 2 }));
  objects.on('data', (value) => say('object', value));
  objects.write({ n: 1 });
  objects.end({ n: 2 });
  await new Promise((resolve) => objects.on('close', resolve));
  await new Promise((resolve) => {
    pump(fs.createReadStream(path.join(root, 'gone')), through2(), fs.createWriteStream(path.join(folder, 'never')), (error) => {
      say('error', [error.code, error.syscall]);
      resolve();
    });
  });
});
