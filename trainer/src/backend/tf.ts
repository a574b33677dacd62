/** TensorFlow.js as a whole, whichever backend computes. */
export type Tf = typeof import("@tensorflow/tfjs");
