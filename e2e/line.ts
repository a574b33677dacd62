/** Ways between programs that can be cut: what is on its way is lost, and who calls again is refused. */
import { once } from "node:events";
import { createServer as createHttpServer, request } from "node:http";
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from "node:net";

export type Line = {
  port: number;
  cut: () => void;
  /** Lets calls through again. */
  mend: () => Promise<void>;
  /** Cuts it for good. */
  close: () => void;
};

/** A line to where `connect` leads. */
export async function openLine(connect: () => Socket): Promise<Line> {
  const ends = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect();
    for (const end of [near, far]) {
      ends.add(end);
      end.on("error", () => {});
      end.on("close", () => {
        ends.delete(end);
        for (const other of [near, far]) other.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  const port = await listen(server);
  const cut = () => {
    server.close();
    for (const end of ends) end.destroy();
  };
  const mend = async () => {
    if (!server.listening) await listen(server, port);
  };
  return { port, cut, close: cut, mend };
}

/** A line for a browser: its context's `proxy` is `http://127.0.0.1:<port>`. */
export async function openNetwork(): Promise<Line> {
  const forwarder = createHttpServer((asked, answer) => {
    const { hostname, port, pathname, search } = new URL(asked.url ?? "");
    const options = { hostname, port, path: pathname + search, method: asked.method, headers: asked.headers };
    const onward = request(options, (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      given.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    answer.on("close", () => onward.destroy());
    asked.pipe(onward);
  });
  const port = await listen(forwarder);
  const line = await openLine(() => createConnection(port, "127.0.0.1"));
  const close = () => {
    line.close();
    forwarder.close();
    forwarder.closeAllConnections();
  };
  return { ...line, close };
}

async function listen(server: Server, port = 0): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
