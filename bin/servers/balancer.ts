/** A load balancer, as small as one gets: passes connections on, and to another server where one refuses or is gone. */
import { connect, createServer, type Socket } from "node:net";
import { Refusal } from "../../db/refusal.ts";

export type Balancer = {
  /** New connections go to this server first, and to the next ones where it doesn't answer. */
  prefer: (server: number) => void;
  /** How many connections are open to a server. */
  open: (server: number) => number;
  stop: () => Promise<void>;
};

/** Listens on `port` of this machine for the servers at `ports`, whose number may grow. Throws a Refusal where the port is taken. */
export async function startBalancer(port: number, ports: number[]): Promise<Balancer> {
  let first = 0;
  const taken = new Map<number, Set<Socket>>();
  const openOf = (server: number) => taken.get(server) ?? taken.set(server, new Set()).get(server)!;
  const server = createServer((client) => {
    client.on("error", () => {});
    pass(
      client,
      Array.from(ports, (_, at) => (first + at) % ports.length),
    );
  });

  function pass(client: Socket, [at, ...others]: number[]): void {
    if (at === undefined) return void client.destroy();
    const upstream = connect(ports[at]!, "127.0.0.1");
    const refused = () => pass(client, others);
    upstream.once("error", refused);
    upstream.once("connect", () => {
      upstream.off("error", refused).on("error", () => {});
      openOf(at).add(upstream);
      client.pipe(upstream).pipe(client);
      client.once("close", () => upstream.destroy());
      upstream.once("close", () => {
        openOf(at).delete(upstream);
        client.destroy();
      });
    });
  }

  await new Promise<void>((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException) =>
      reject(new Refusal(`Port ${port} can't be listened on (${cause.code}): set PORT to another one`, { cause }));
    server.once("error", refuse).listen(port, "127.0.0.1", resolve);
  });
  return {
    prefer: (one) => {
      first = one;
    },
    open: (one) => openOf(one).size,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const sockets of taken.values()) for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
