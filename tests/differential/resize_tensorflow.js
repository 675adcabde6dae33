// What TensorFlow.js makes of pictures, for resize_oracle.py.
// usage: node resize_tensorflow.js NODE_MODULES ASKED TOLD
// ASKED: in_height, in_width, out_height, out_width (int32), then 8-bit RGB, one after the other. TOLD: float32, for each
// tf_bilinear, tf1_bilinear, bilinear_align_corners. Exit status 77 where there is no TensorFlow.js.
"use strict";
const fs = require("fs");
const path = require("path");

const [modules, asked, told] = process.argv.slice(2);
let tf;
console.warn = () => {};  // it advertises
try {
  tf = require(path.resolve(modules, "@tensorflow/tfjs-core"));
  require(path.resolve(modules, "@tensorflow/tfjs-backend-cpu"));
} catch (missing) {
  console.log(`no TensorFlow.js in '${modules}' (./dev setup test)`);
  process.exit(77);
}

async function main() {
  await tf.setBackend("cpu");
  const input = fs.readFileSync(asked), parts = [];
  for (let at = 0; at < input.length;) {
    const [height, width, outHeight, outWidth] = [0, 4, 8, 12].map((k) => input.readInt32LE(at + k));
    at += 16;
    const pixels = Float32Array.from(input.subarray(at, at + height * width * 3));
    at += pixels.length;
    const picture = tf.tensor3d(pixels, [height, width, 3]);
    for (const [corners, half] of [[false, true], [false, false], [true, false]]) {
      const values = tf.image.resizeBilinear(picture, [outHeight, outWidth], corners, half).dataSync();
      parts.push(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
    }
    picture.dispose();
  }
  fs.writeFileSync(told, Buffer.concat(parts));
}

main();
