// A client's conversation as straight code: whoever plays the model calls tools and gets their results. It is the script of a `Model`.
export class Conversation {
  #requests = []; // of the client, not yet looked at
  #request; // the one that is to be answered next
  #arrived = () => {};

  /** For the scripted model: each request of the client waits here for its answer. */
  turns = (told) => new Promise((answer) => {
    this.#requests.push({ told, answer });
    this.#arrived();
  });

  /** Resolves when the client has sent its first request. */
  async begun() {
    this.#request = await this.#next();
  }

  /** Calls tools, several at once, and returns their results in the same order: a client may tell them as they end. */
  async call(calls) {
    this.#request.answer({ calls });
    this.#request = await this.#next();
    const { results } = this.#request.told;
    if (results.length !== calls.length) throw new Error(`${results.length} results of ${calls.length} calls: ${JSON.stringify(results)}`);
    return results.toSorted((a, b) => numberOf(a) - numberOf(b));
  }

  /** Nothing more to do: the client ends. */
  end() {
    this.#request.answer({ text: 'All of it is done.' });
  }

  async #next() {
    while (this.#requests.length === 0) await new Promise((resolve) => (this.#arrived = resolve));
    return this.#requests.shift();
  }
}

// The scripted model numbers calls.
const numberOf = ({ id }) => Number(/\d+/.exec(id)[0]);
