/** The colours of masks' classes, the same in files that the trainer writes and in pictures that the server draws. */

/** As PASCAL VOC colours its classes: bits of the index, spread over red, green and blue from their highest bits on. */
export function colorOfClass(index: number): [red: number, green: number, blue: number] {
  const color: [number, number, number] = [0, 0, 0];
  for (let bit = 0; bit < 8; bit++)
    color[bit % 3] = color[bit % 3]! | (((index >> bit) & 1) << (7 - Math.floor(bit / 3)));
  return color;
}
