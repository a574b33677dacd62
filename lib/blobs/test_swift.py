"""OpenStack Swift with its S3 API, as Debian's python3-swift has it, whole on loopback: one device, one replica, in a folder.

    python3 test_swift.py FOLDER PORT

says "ready" once it answers, and ends with its standard input. Key test:tester, secret testing.
"""
import os
import signal
import socket
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

PIPELINE = "catch_errors gatekeeper memory listing_formats s3api tempauth copy slo symlink proxy-server"
PROXY = """
[pipeline:main]
pipeline = {pipeline}
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:memory]
paste.filter_factory = test_swift:memory_factory
[filter:s3api]
use = egg:swift#s3api
check_bucket_owner = false
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
""" + "".join(f"[filter:{name}]\nuse = egg:swift#{name}\n"
              for name in PIPELINE.split() if name not in ("memory", "s3api", "tempauth", "proxy-server"))
STORAGE = "[pipeline:main]\npipeline = {kind}-server\n[app:{kind}-server]\nuse = egg:swift#{kind}\n"
COMMON = """[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
fallocate_reserve = 0
disable_fallocate = true
recon_cache_path = {folder}
workers = 0
user = {user}
"""


class Memory:
    """What Swift keeps in memcached, for one process."""

    def __init__(self):
        self.values = {}

    def get(self, key, **_):
        value, until = self.values.get(key, (None, None))
        return value if until is None or until > time.time() else None

    def set(self, key, value, time=0, **_):
        self.values[key] = (value, globals()["time"].time() + time if time else None)

    def incr(self, key, delta=1, time=0, **_):
        value = (self.get(key) or 0) + delta
        self.set(key, value, time=time)
        return value

    def delete(self, key, **_):
        self.values.pop(key, None)


def memory_factory(_global, **_local):
    memory = Memory()

    def wrap(app):
        def answer(environ, start):
            environ["swift.cache"] = memory
            return app(environ, start)
        return answer
    return wrap


def serve(kind, conf):
    from swift.common import utils
    utils.HASH_PATH_PREFIX, utils.HASH_PATH_SUFFIX = b"", b"holdout"
    from swift.common.wsgi import run_wsgi
    sys.exit(run_wsgi(conf, f"{kind}-server"))


def build_ring(folder, kind, port):
    from swift.common.ring import RingBuilder
    builder = RingBuilder(2, 1, 1)
    builder.add_dev({"id": 0, "region": 1, "zone": 1, "weight": 1.0, "ip": "127.0.0.1", "port": port, "device": "disk",
                     "replication_ip": "127.0.0.1", "replication_port": port, "meta": ""})
    builder.rebalance()
    builder.get_ring().save(os.path.join(folder, f"{kind}.ring.gz"))


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def main(folder, port):
    import getpass
    os.makedirs(os.path.join(folder, "devices", "disk"))
    ports = {"account": free_port(), "container": free_port(), "object": free_port(), "proxy": port}
    children = []
    for kind, at in ports.items():
        if kind != "proxy":
            build_ring(folder, kind, at)
        conf = os.path.join(folder, f"{kind}.conf")
        text = PROXY.format(pipeline=PIPELINE) if kind == "proxy" else STORAGE.format(kind=kind)
        with open(conf, "w") as file:
            file.write(COMMON.format(port=at, folder=folder, user=getpass.getuser()) + text)
        pid = os.fork()
        if pid == 0:
            serve(kind, conf)
        children.append(pid)
    for at in ports.values():
        while True:
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", at)) == 0:
                    break
            time.sleep(0.05)
    print("ready", flush=True)
    sys.stdin.read()
    for pid in children:
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
