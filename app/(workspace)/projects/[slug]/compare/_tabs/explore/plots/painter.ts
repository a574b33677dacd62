/** Draws a picture of many marks in portions, one a frame, so that no frame waits for the whole of it. */

export type Picture = {
  marks: number;
  /** Draws some of the marks over those before. */
  draw: (from: number, to: number) => void;
  /** After the last mark. */
  onWhole: () => void;
};

const FIRST_PORTION = 400;
const LEAST_PORTION = 100;
const LARGEST_PORTION = 6_400;
/** In milliseconds: frames at 60 a second that come later than this had too much to do, sooner than that room for more. */
const LATE_MS = 28;
const SOON_MS = 20;

/**
 * Paints one picture at a time, its first portion at once. A picture that comes meanwhile begins when the one before is
 * whole, and only the latest does: pictures that change with every frame are seen all the same. What a portion holds
 * follows how soon the frames come.
 */
export class Painter {
  #portion = FIRST_PORTION;
  #painted: { picture: Picture; drawn: number } | null = null;
  #next: Picture | null = null;
  #frame = 0;
  #before = 0;

  paint(picture: Picture): void {
    if (this.#painted) {
      this.#next = picture;
      return;
    }
    this.#painted = { picture, drawn: 0 };
    this.#before = 0;
    this.#step();
  }

  /** Forgets what isn't drawn yet. */
  stop(): void {
    cancelAnimationFrame(this.#frame);
    this.#painted = this.#next = null;
  }

  #step(): void {
    const { picture, drawn } = this.#painted!;
    const to = Math.min(picture.marks, drawn + this.#portion);
    picture.draw(drawn, to);
    this.#painted = { picture, drawn: to };
    if (to < picture.marks) this.#frame = requestAnimationFrame((now) => this.#goOn(now));
    else this.#finish(picture);
  }

  #goOn(now: number): void {
    const took = this.#before === 0 ? 0 : now - this.#before;
    this.#before = now;
    if (took > LATE_MS) this.#portion = Math.max(LEAST_PORTION, this.#portion / 2);
    else if (took > 0 && took < SOON_MS) this.#portion = Math.min(LARGEST_PORTION, this.#portion * 1.5);
    this.#portion = Math.round(this.#portion);
    this.#step();
  }

  #finish(picture: Picture): void {
    const next = this.#next;
    this.#painted = next && { picture: next, drawn: 0 };
    this.#next = null;
    if (next) this.#frame = requestAnimationFrame((now) => this.#goOn(now));
    picture.onWhole();
  }
}
