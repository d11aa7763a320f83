import { ReadableStream, TransformStream, WritableStream } from 'node:stream/web';
import { measure } from './harness.mjs';

const COUNT = 65536;
async function all() {
  let next = 0;
  let sum = 0;
  const source = new ReadableStream({
    pull(controller) {
      if (next < COUNT) controller.enqueue({ value: next++ });
      else controller.close();
    },
  });
  const double = new TransformStream({
    transform(chunk, controller) {
      controller.enqueue({ value: chunk.value * 2 });
    },
  });
  const sink = new WritableStream({
    write(chunk) {
      sum += chunk.value;
    },
  });
  await source.pipeThrough(double).pipeTo(sink);
  return sum;
}
await measure(await all(), async (times) => {
  for (let i = 0; i < times; i++) await all();
});
